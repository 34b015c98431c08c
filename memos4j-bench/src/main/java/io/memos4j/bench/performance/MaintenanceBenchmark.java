package io.memos4j.bench.performance;

import io.memos4j.bench.evaluation.MaintenanceComparison;
import io.memos4j.bench.evaluation.MaintenanceComparison.Outcome;
import io.memos4j.bench.evaluation.MaintenanceComparison.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures the effect of all maintenance on search, context and size over a year of messages in one cube. Needs
 * {@link DatasetFolders}; the system property {@value #MESSAGES} makes the year smaller.
 */
final class MaintenanceBenchmark {
    static final String MESSAGES = "memos4j.bench.messages";

    private static final int YEAR = 50_000;
    private static final int TOKENS = 1_024;

    /** Budgets in wide steps: in narrow ones, noise looks like a gain. */
    private static final Set<Integer> BUDGETS = Set.of(256, 384, 512, 768, 1_024, 1_536);

    /** The percentage that maintenance may cost: the noise of so many questions. */
    private static final double TOLERANCE = 1;

    private MaintenanceBenchmark() {}

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Outcome outcome = MaintenanceComparison.measure(
                    DatasetFolders.folders(),
                    Integer.getInteger(MESSAGES, YEAR),
                    workspace.folder("engine"),
                    line -> System.err.println("year: " + line));
            return figures(outcome);
        }
    }

    private static List<BenchmarkFigure> figures(Outcome outcome) {
        Variant off = outcome.ways().getFirst();
        double equal = within(off, TOKENS);
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (Variant kept : outcome.ways()) {
            boolean measured = figures.size() == Block.LINES;
            Block block = new Block(figures, kept.way(), measured);
            block.atLeast("R@10", 100 * kept.recall(), "%", 100 * off.recall() - TOLERANCE);
            block.atLeast("R@" + TOKENS + " tokens", 100 * within(kept, TOKENS), "%", 100 * equal - TOLERANCE);
            block.atMost("tokens for the recall of 1,024 without it", tokens(kept, equal, BUDGETS), "t", TOKENS - 1.0);
            block.add(
                    "the same in steps of 32 tokens",
                    tokens(kept, equal, kept.within().keySet()),
                    "t");
            block.add("search p50", kept.millis(), "ms");
            block.add(
                    "vault and index per message",
                    perMessage(outcome, kept.size().vault() + kept.size().index()),
                    "B");
            block.add("heap of the open cube per message", perMessage(outcome, kept.heap()), "B");
            block.add("time of maintenance", kept.seconds(), "s");
            block.add("merged", count(kept, "merged"), "items");
            block.add("archived", count(kept, "archived"), "items");
            block.add("summaries", count(kept, "summary activated"), "items");
        }
        return figures;
    }

    /** Adds the figures of one variant; only that with all maintenance and the default policy has budgets. */
    private record Block(List<BenchmarkFigure> figures, String way, boolean measured) {
        static final int LINES = 11;

        void add(String what, double value, String unit) {
            figures.add(BenchmarkFigure.baseline(way + ", " + what, value, unit));
        }

        void atLeast(String what, double value, String unit, double budget) {
            if (measured) {
                figures.add(BenchmarkFigure.atLeast(way + ", " + what, value, unit, budget));
            } else {
                add(what, value, unit);
            }
        }

        void atMost(String what, double value, String unit, double budget) {
            if (measured) {
                figures.add(BenchmarkFigure.atMost(way + ", " + what, value, unit, budget));
            } else {
                add(what, value, unit);
            }
        }
    }

    private static double within(Variant kept, int tokens) {
        return kept.within().getOrDefault(tokens, 0.0);
    }

    /** Returns the smallest budget that reaches a recall; infinite if none does. */
    private static double tokens(Variant kept, double recall, Set<Integer> budgets) {
        return kept.within().entrySet().stream()
                .filter(entry -> budgets.contains(entry.getKey()))
                .filter(entry -> entry.getValue() >= recall)
                .mapToInt(Map.Entry::getKey)
                .min()
                .stream()
                .mapToDouble(each -> each)
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static double perMessage(Outcome outcome, long bytes) {
        return (double) bytes / outcome.messages();
    }

    private static double count(Variant kept, String what) {
        return kept.states().entrySet().stream()
                .filter(entry -> entry.getKey().contains(what))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
