package io.memos4j.bench.performance;

import java.util.Locale;

/**
 * One measured figure.
 *
 * @param what is measured
 * @param value the figure
 * @param unit its unit
 * @param budget what it should be, in words; empty for a baseline
 * @param met whether it is within the budget
 */
public record BenchmarkFigure(String what, double value, String unit, String budget, boolean met) {
    static BenchmarkFigure atMost(String what, double value, String unit, double budget) {
        return new BenchmarkFigure(
                what, value, unit, String.format(Locale.ROOT, "≤ %,.0f %s", budget, unit), value <= budget);
    }

    static BenchmarkFigure atLeast(String what, double value, String unit, double budget) {
        return new BenchmarkFigure(
                what, value, unit, String.format(Locale.ROOT, "≥ %,.0f %s", budget, unit), value >= budget);
    }

    /** A figure to compare with, without a budget of its own. */
    static BenchmarkFigure baseline(String what, double value, String unit) {
        return new BenchmarkFigure("  baseline: " + what, value, unit, "", true);
    }

    /** One line of the report. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%-66s %,12.1f %-5s %-14s %s",
                what,
                value,
                unit,
                budget,
                budget.isEmpty() ? "" : met ? "ok" : "MISSED");
    }
}
