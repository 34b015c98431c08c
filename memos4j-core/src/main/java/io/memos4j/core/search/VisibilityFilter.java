package io.memos4j.core.search;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.time.Instant;
import java.util.Optional;

/**
 * Filters the items that a search may show: active ones; former ones, if the query asks for the past; or all but those
 * to be forgotten.
 */
final class VisibilityFilter {
    private final SearchRequest request;
    private final Instant now;
    private final boolean expiring;
    private final boolean history;

    /**
     * @param nextExpiry when the next time to live in the cube ends; the index may hold expired items for a while after
     *     it
     */
    VisibilityFilter(SearchRequest request, QueryAnalysis analysis, Instant now, Optional<Instant> nextExpiry) {
        this.request = request;
        this.now = now;
        this.expiring = nextExpiry.map(next -> !next.isAfter(now)).orElse(false);
        this.history = analysis.asks(Aspect.HISTORY);
    }

    /** The filter for the index. */
    Filter filter() {
        if (request.includeInactive()) {
            return Filter.not(Filter.eq("state", ItemState.FORGOTTEN.id()));
        }
        Filter held = currentFilter();
        if (!expiring) {
            return held;
        }
        Filter late = new Filter.Compare("expires", Filter.Operator.LTE, now);
        return Filter.and(held, Filter.not(Filter.and(late, Filter.not(Filter.eq("state", ItemState.FROZEN.id())))));
    }

    private Filter currentFilter() {
        Filter former = Filter.and(Filter.exists("until"), Filter.eq("state", ItemState.ARCHIVED.id()));
        if (request.validAt().isPresent()) {
            Instant then = request.validAt().get();
            // An item that was merged into a later one stood for itself then.
            return Filter.and(
                    new Filter.Compare("time", Filter.Operator.LTE, then),
                    Filter.or(Filter.RECALLED, former, Filter.eq("state", ItemState.MERGED.id())),
                    Filter.not(new Filter.Compare("until", Filter.Operator.LTE, then)));
        }
        return history ? Filter.or(Filter.RECALLED, former) : Filter.RECALLED;
    }

    /** Tells whether an item is recalled now. */
    boolean isRecalled(MemoryItem item) {
        return item.state().isRecalled() && !item.isExpiredAt(now);
    }

    /** Tells whether an item may be shown that the index did not propose, for example a neighbor. */
    boolean isVisible(MemoryItem item) {
        boolean former =
                item.state() == ItemState.ARCHIVED && item.times().validTo().isPresent();
        if (request.includeInactive()) {
            return item.state() != ItemState.FORGOTTEN;
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
