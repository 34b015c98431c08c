package io.memos4j.cli.evaluation;

import io.memos4j.bench.performance.BenchmarkCatalog;
import io.memos4j.bench.performance.BenchmarkFigure;
import io.memos4j.cli.Main;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures speed and size against the budgets. */
@Command(
        name = "bench",
        description = "Measure speed and size beside plain baselines; a few minutes for the quick ones.")
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description =
                    "add, embed, search-100k, idle, queue, cubes-1k; larger: activation, activation-compression, chat, eviction, cubes-10k, vector-scan, search-1m; with MEMOS4J_TRAINER=yes at the build: training; with labelled sets: composite, preload, year (default: the quick ones).")
    private List<String> names = List.of();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        boolean met = true;
        for (String name : names.isEmpty() ? BenchmarkCatalog.quick() : names) {
            for (BenchmarkFigure figure : BenchmarkCatalog.run(name)) {
                spec.commandLine().getOut().println(figure.line());
                spec.commandLine().getOut().flush();
                met &= figure.met();
            }
        }
        return met ? 0 : Main.FAILED;
    }
}
