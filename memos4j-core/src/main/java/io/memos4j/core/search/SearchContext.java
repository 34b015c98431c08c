package io.memos4j.core.search;

import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.SearchStage;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The state of one search that all of its stages share. Safe for the threads that search its cubes.
 *
 * @param analysis what the wording of the query asks for
 * @param now the instant at which an item must not have expired: the present, or the instant of a historical view
 * @param config the default time zone, the reranker and the stages to leave out
 */
record SearchContext(
        SearchRequest request,
        QueryAnalysis analysis,
        Instant now,
        SearchDeadline deadline,
        SearchTrace trace,
        MemOsConfig config) {

    /** The share of the deadline that each of several cubes gets; the rest is for merging their answers. */
    private static final double MEMBER_SHARE = 0.9;

    /**
     * Starts a search; its deadline runs from here.
     *
     * @param zone the time zone of the query
     * @param recordedAt the instant of a historical view; empty for the present
     */
    static SearchContext start(SearchRequest request, ZoneId zone, Optional<Instant> recordedAt, MemOsConfig config) {
        SearchDeadline deadline = SearchDeadline.after(request.deadline());
        SearchTrace trace = new SearchTrace(request.explain());
        Instant present = config.clock().instant();
        Instant reference = request.referenceTime().or(request::validAt).orElse(present);
        QueryAnalysis analysis = trace.time("analyse", () -> {
            QueryAnalysis analyzed =
                    QueryAnalysis.of(request.query(), reference.atZone(zone).toLocalDate());
            trace.note(() -> "asks for " + analyzed.aspects() + ", names " + analyzed.times());
            return analyzed;
        });
        return new SearchContext(request, analysis, recordedAt.orElse(present), deadline, trace, config);
    }

    /** The part of one cube among several: with a trace of its own, and less time. */
    SearchContext forMember() {
        SearchTrace own = new SearchTrace(request.explain());
        return new SearchContext(request, analysis, now, deadline.share(MEMBER_SHARE), own, config);
    }

    /** Tells whether a stage is part of this search. */
    boolean runs(SearchStage stage) {
        return !config.omitted().contains(stage);
    }
}
