package io.memos4j.cli.evaluation;

import io.memos4j.bench.performance.BenchmarkCatalog;
import io.memos4j.bench.performance.BenchmarkFigure;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.HelpOption;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs benchmarks and compares their results with the budgets. */
@Command(
        name = "bench",
        description = "Measure speed and size beside plain baselines; the default benchmarks take a few minutes.")
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = {
                "The benchmarks (default: the quick ones).",
                "  quick: add, embed, search-100k, idle, queue, cubes-1k",
                "  larger: activation, activation-compression, chat, cubes-10k, eviction, routing, search-1m, server,"
                        + " vector-scan",
                "  with MEMOS4J_TRAINER=yes at the build: lessons, training",
                "  with labeled sets in MEMOS4J_EVAL: composite, preload, year"
            })
    private List<String> names = List.of();

    @Mixin
    private HelpOption help;

    @Override
    public Integer call() {
        boolean met = true;
        PrintWriter out = spec.commandLine().getOut();
        for (String name : names.isEmpty() ? BenchmarkCatalog.quick() : names) {
            for (BenchmarkFigure figure : BenchmarkCatalog.run(name)) {
                out.println(figure.line());
                out.flush();
                met &= figure.met();
            }
        }
        return met ? ExitCode.OK : ExitCode.FAILED;
    }
}
