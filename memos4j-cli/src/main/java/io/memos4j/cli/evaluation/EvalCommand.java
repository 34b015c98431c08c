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
    @Option(
            names = "--set",
            required = true,
            paramLabel = "DIR",
            description = "A directory with corpus.jsonl and questions.jsonl (repeatable).")
    private List<Path> sets = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the answers to a run file (one set only).")
    private Optional<Path> runFile = Optional.empty();

    @Option(names = "--score", paramLabel = "FILE", description = "Score this run file instead of running the engine.")
    private Optional<Path> scored = Optional.empty();

    @Option(
            names = {"-k", "--k"},
            paramLabel = "N",
            defaultValue = "50",
            description = "Results per question (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--without",
            paramLabel = "STAGE",
            split = ",",
            description = "Leave out a stage of search, to measure its effect: ${COMPLETION-CANDIDATES} (repeatable).")
    private Set<SearchStage> without = Set.of();

    @Option(names = "--json", description = "Print JSON, one object per set and line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (scored.isPresent()) {
            sets.forEach(set -> print(EvaluationRunner.score(set, scored.get())));
            return ExitCode.OK;
        }
        // The cubes of an evaluation are temporary: they live in a directory of their own.
        try (ScratchDirectory workspace = new ScratchDirectory();
                MemOs memos = MemOs.open(config(workspace.folder("eval")).without(without))) {
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
