package io.memos4j.bench.performance;

import java.util.Locale;

/**
 * A measured figure.
 *
 * @param what the name of the figure
 * @param value the measured value
 * @param unit the unit of the value
 * @param budget the budget as text; empty for none
 * @param met true if the value is within the budget
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

    /** Returns a baseline to compare with, without a budget. */
    static BenchmarkFigure baseline(String what, double value, String unit) {
        return new BenchmarkFigure("  baseline: " + what, value, unit, "", true);
    }

    /** Returns the figure as one line of the report. */
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
