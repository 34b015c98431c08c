package io.memos4j.core;

import java.util.List;

/** What a check of a data directory found. */
public record HealthReport(List<Finding> findings) {
    public HealthReport {
        findings = List.copyOf(findings);
    }

    /** How bad a finding is. */
    public enum Level {
        OK,
        WARNING,
        ERROR
    }

    /**
     * One finding.
     *
     * @param area what was looked at: {@code vault}, {@code index}, {@code embedder}, …
     * @param message what was found and, unless it is fine, what to do
     */
    public record Finding(String area, Level level, String message) {}

    /** Whether nothing is an error. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(finding -> finding.level() == Level.ERROR);
    }
}
