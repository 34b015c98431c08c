package io.memos4j.api.search;

import io.memos4j.api.Warning;
import java.time.Duration;
import java.util.List;

/**
 * The answer to a {@link SearchRequest}.
 *
 * @param hits best first; together within the token budget
 * @param context the hits rendered for a prompt, oldest first, with absolute dates and the hits' numbers as sources
 * @param contextTokens what {@code context} costs
 * @param warnings what was degraded, for example a deadline that cut a stage
 * @param stages what each stage did and how long it took, in order
 */
public record SearchResult(
        List<SearchHit> hits, String context, int contextTokens, List<Warning> warnings, List<Stage> stages) {
    public SearchResult {
        hits = List.copyOf(hits);
        warnings = List.copyOf(warnings);
        stages = List.copyOf(stages);
    }

    /**
     * One stage of a search.
     *
     * @param name for example {@code embed}, {@code candidates}, {@code fuse}
     * @param took wall time
     * @param note what it did, in words; empty unless an explanation was asked for
     */
    public record Stage(String name, Duration took, String note) {}

    /** The time of a stage, zero if it did not run. */
    public Duration took(String stage) {
        return stages.stream()
                .filter(each -> each.name().equals(stage))
                .map(Stage::took)
                .reduce(Duration.ZERO, Duration::plus);
    }
}
