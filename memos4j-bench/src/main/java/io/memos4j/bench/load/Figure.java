package io.memos4j.bench.load;

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
public record Figure(String what, double value, String unit, String budget, boolean met) {
    static Figure atMost(String what, double value, String unit, double budget) {
        return new Figure(what, value, unit, String.format(Locale.ROOT, "≤ %,.0f %s", budget, unit), value <= budget);
    }

    static Figure atLeast(String what, double value, String unit, double budget) {
        return new Figure(what, value, unit, String.format(Locale.ROOT, "≥ %,.0f %s", budget, unit), value >= budget);
    }

    /** A figure to compare with, without a budget of its own. */
    static Figure baseline(String what, double value, String unit) {
        return new Figure("  baseline: " + what, value, unit, "", true);
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
