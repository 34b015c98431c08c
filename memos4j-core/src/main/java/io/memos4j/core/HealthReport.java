package io.memos4j.core;

import java.util.List;

/** The findings of a health check. */
public record HealthReport(List<Finding> findings) {
    public HealthReport {
        findings = List.copyOf(findings);
    }

    /** The severity of a finding. */
    public enum Level {
        OK,
        WARNING,
        ERROR
    }

    /**
     * A finding of the check.
     *
     * @param area the part that was checked: {@code vault}, {@code embedder}, …
     * @param message what was found and, unless it is fine, what to do
     */
    public record Finding(String area, Level level, String message) {}

    /** Returns whether no finding is an error. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(finding -> finding.level() == Level.ERROR);
    }
}
