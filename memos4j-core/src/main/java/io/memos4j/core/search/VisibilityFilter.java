package io.memos4j.core.search;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Which items a search may show: what is recalled; what held then or once, where that is asked for; everything. */
final class VisibilityFilter {
    private static final Filter RECALLED = Filter.in(
            "state",
            Arrays.stream(ItemState.values())
                    .filter(ItemState::isRecalled)
                    .map(ItemState::id)
                    .toList());

    private final SearchRequest request;
    private final Instant now;
    private final boolean expiring;
    private final boolean history;

    /**
     * @param nextExpiry when the next time to live of the cube ends; items stay with the index as they are for a while
     *     after it
     */
    VisibilityFilter(SearchRequest request, QueryAnalysis analysis, Instant now, Optional<Instant> nextExpiry) {
        this.request = request;
        this.now = now;
        this.expiring = nextExpiry.map(next -> !next.isAfter(now)).orElse(false);
        this.history = analysis.asks(Aspect.HISTORY);
    }

    /** For the index. */
    Filter filter() {
        if (request.includeInactive()) {
            return Filter.ALL;
        }
        Filter held = held();
        if (!expiring) {
            return held;
        }
        Filter late = new Filter.Compare("expires", Filter.Operator.LTE, now);
        return Filter.and(held, Filter.not(Filter.and(late, Filter.not(Filter.eq("state", ItemState.FROZEN.id())))));
    }

    private Filter held() {
        Filter former = Filter.and(Filter.exists("until"), Filter.eq("state", ItemState.ARCHIVED.id()));
        if (request.validAt().isPresent()) {
            Instant then = request.validAt().get();
            // What was merged into a later statement of the same stood for itself then.
            return Filter.and(
                    new Filter.Compare("time", Filter.Operator.LTE, then),
                    Filter.or(RECALLED, former, Filter.eq("state", ItemState.MERGED.id())),
                    Filter.not(new Filter.Compare("until", Filter.Operator.LTE, then)));
        }
        return history ? Filter.or(RECALLED, former) : RECALLED;
    }

    /** Whether an item is recalled today. */
    boolean isRecalled(MemoryItem item) {
        return item.state().isRecalled() && !item.isExpiredAt(now);
    }

    /** For an item that the index did not propose, a neighbour for example. */
    boolean isVisible(MemoryItem item) {
        boolean former =
                item.state() == ItemState.ARCHIVED && item.times().validTo().isPresent();
        if (request.includeInactive()) {
            return true;
        }
        if (item.isExpiredAt(now)) {
            return false;
        }
        if (request.validAt().isPresent()) {
            Instant then = request.validAt().get();
            boolean said = !item.times().occurredAt().isAfter(then);
            boolean once = former || item.state() == ItemState.MERGED;
            return said && (item.state().isRecalled() || once) && item.times().isValidAt(then);
        }
        return item.state().isRecalled() || former && history;
    }
}
