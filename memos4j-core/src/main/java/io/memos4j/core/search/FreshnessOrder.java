package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import io.memos4j.core.search.UpdateDetector.Update;
import io.memos4j.spi.items.SessionNeighbors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the newer of two statements about the same matter before the older one, as {@link UpdateDetector} decides. Plain
 * statements were superseded in the vault already; this is for statements inside longer turns, and for those whose
 * wording differs too much to be superseded for good. So it only reorders the best hits, and links the older to the
 * newer one.
 */
final class FreshnessOrder {
    /** The hits to reorder: a reader looks at the first ones, and further down two hits have less in common. */
    private static final int CONSIDERED = 10;

    private static final double NEXT_TO = 1e-6;

    private final QueryAnalysis analysis;
    private final Map<ItemId, SessionNeighbors> neighbors;
    private final UpdateDetector updates;

    FreshnessOrder(QueryAnalysis analysis, Map<ItemId, SessionNeighbors> neighbors, UpdateDetector updates) {
        this.analysis = analysis;
        this.neighbors = neighbors;
        this.updates = updates;
    }

    /** The ranking with newer values before older ones. */
    List<RankedItem> order(List<RankedItem> ranked) {
        boolean aboutThePast =
                analysis.asks(Aspect.HISTORY) || !analysis.times().isEmpty();
        if (aboutThePast || analysis.asks(Aspect.OVERVIEW) || ranked.size() < 2) {
            return ranked;
        }
        List<RankedItem> considered = consideredItems(ranked);
        considered.sort(
                Comparator.comparing((RankedItem found) -> found.item().times().occurredAt())
                        .thenComparing(RankedItem::id));
        Map<ItemId, RankedItem> settled = new HashMap<>();
        for (int i = 0; i < considered.size(); i++) {
            RankedItem newer = considered.get(i);
            double score = newer.score();
            String reason = "";
            for (RankedItem older : considered.subList(0, i)) {
                Optional<Update> update = updates.findUpdate(newer, older);
                if (update.isPresent()) {
                    RankedItem former = settled.getOrDefault(older.id(), older);
                    if (update.get().contradicts()) {
                        settled.put(older.id(), former.succeededBy(newer.id()));
                    }
                    score = Math.max(score, former.score() + NEXT_TO);
                    reason = update.get().reason();
                }
            }
            RankedItem last = score > newer.score()
                    ? newer.withScore(score).withReason("newer than another hit: " + reason)
                    : newer;
            settled.put(newer.id(), last);
        }
        return ranked.stream()
                .map(found -> settled.getOrDefault(found.id(), found))
                .sorted(RankedItem.BEST_FIRST)
                .toList();
    }

    /** The best hits, and the elliptic changes directly after them. */
    private List<RankedItem> consideredItems(List<RankedItem> ranked) {
        List<RankedItem> considered = new ArrayList<>(ranked.subList(0, Math.min(CONSIDERED, ranked.size())));
        Set<ItemId> following = new HashSet<>();
        considered.forEach(found -> neighbors
                .getOrDefault(found.id(), SessionNeighbors.NONE)
                .after()
                .ifPresent(following::add));
        ranked.stream()
                .skip(CONSIDERED)
                .filter(found -> following.contains(found.id())
                        && UpdateDetector.correctsOrContinues(found.item().text()))
                .forEach(considered::add);
        return considered;
    }
}
