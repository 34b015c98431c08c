package io.memos4j.cli.evaluation;

import io.memos4j.bench.evaluation.EvaluationReport;
import io.memos4j.bench.evaluation.EvaluationRunner;
import io.memos4j.bench.performance.ScratchDirectory;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig.SearchStage;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Evaluates search on labeled sets. */
@Command(
        name = "eval",
        description =
                "Measure recall, ranking quality and speed on labeled sets; docs/evaluation.md describes the format.")
public final class EvalCommand extends EngineCommand {
    @Option(names = "--set", required = true, paramLabel = "DIR")
    private List<Path> sets = List.of();

    @Option(names = "--out", paramLabel = "FILE")
    private Optional<Path> runFile = Optional.empty();

    @Option(names = "--score", paramLabel = "FILE")
    private Optional<Path> scored = Optional.empty();

    @Option(
            names = {"-k", "--k"},
            paramLabel = "N",
            defaultValue = "50")
    private int k;

    @Option(names = "--without", paramLabel = "STAGE", split = ",")
    private Set<SearchStage> without = Set.of();

    @Option(names = "--json")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (scored.isPresent()) {
            sets.forEach(set -> print(EvaluationRunner.score(set, scored.get())));
            return ExitCode.OK;
        }
        // The cubes of an evaluation are temporary: they live in a directory of their own.
        try (ScratchDirectory workspace = new ScratchDirectory();
                MemOs memos = MemOs.open(config(workspace.folder("eval"))
                        .withZone(ZoneOffset.UTC)
                        .without(without))) {
            return run(memos);
        }
    }

    @Override
    protected boolean usesReranker() {
        return true;
    }

    @Override
    protected int run(MemOs memos) {
        EvaluationRunner evaluation = new EvaluationRunner(memos, message -> {
            err().println(message);
            err().flush();
        });
        for (Path set : sets) {
            print(evaluation.run(set, runFile, k));
            out().flush();
        }
        return 0;
    }

    private void print(EvaluationReport report) {
        out().println(json ? JsonOutput.of(report.values()) : report.table());
    }
}
