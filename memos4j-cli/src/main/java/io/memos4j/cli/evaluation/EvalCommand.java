package io.memos4j.cli.evaluation;

import io.memos4j.bench.evaluation.EvaluationReport;
import io.memos4j.bench.evaluation.EvaluationRunner;
import io.memos4j.cli.Folders;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig.SearchStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how well an engine finds what a labelled set says. */
@Command(
        name = "eval",
        description = "Measure recall, precision and speed on labelled sets; the format is in docs/evaluation.md.")
public final class EvalCommand extends EngineCommand {
    @Option(
            names = "--set",
            required = true,
            paramLabel = "DIR",
            description = "A folder with corpus.jsonl and questions.jsonl (repeatable).")
    private List<Path> sets = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the answers as a run file (one set only).")
    private Optional<Path> runFile = Optional.empty();

    @Option(names = "--score", paramLabel = "FILE", description = "Score this run file instead of running anything.")
    private Optional<Path> scored = Optional.empty();

    @Option(
            names = {"-k", "--k"},
            paramLabel = "N",
            defaultValue = "50",
            description = "Items asked for (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--without",
            paramLabel = "STAGE",
            split = ",",
            description = "Leave a stage of search out, to see what it buys: ${COMPLETION-CANDIDATES} (repeatable).")
    private Set<SearchStage> without = Set.of();

    @Option(names = "--json", description = "Print JSON, one set a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (scored.isPresent()) {
            sets.forEach(set -> print(EvaluationRunner.score(set, scored.get())));
            return 0;
        }
        // The cubes of an evaluation are of no further use: they live in a directory of their own.
        Path scratch = Files.createTempDirectory("memos4j-eval");
        try (MemOs memos = MemOs.open(config(scratch).without(without))) {
            run(memos);
        } finally {
            Folders.delete(scratch);
        }
        return 0;
    }

    @Override
    public boolean usesReranker() {
        return true;
    }

    @Override
    public int run(MemOs memos) {
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
