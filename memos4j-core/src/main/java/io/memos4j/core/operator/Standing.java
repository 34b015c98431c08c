package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Role;
import io.memos4j.core.operator.Fusion.Fused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adjusts what an item's own words and vector say about it by where it stands: turns of a conversation explain each other, and
 * who speaks matters.
 *
 * <p>An answer often shares no word with the question that it follows; so a turn inherits a share of the score of the turns directly
 * before and after it in its session, also if no ranking proposed it.
 */
final class Standing {
    /** The share of a neighbour's score that a turn inherits. */
    static final double INHERITED = 0.2;

    /** What a user's own words gain where the asker asks about themselves. */
    static final double OWN_WORDS = 0.2;

    private Standing() {}

    /**
     * Adds to each item the inherited share of its neighbours' scores; best first.
     *
     * @param admitNew whether neighbours that no ranking proposed may join; not where a filter would have kept them out
     */
    static List<Fused> inherit(List<Fused> fused, Map<ItemId, List<ItemId>> adjacent, boolean admitNew) {
        Map<ItemId, Double> inherited = new LinkedHashMap<>();
        for (Fused each : fused) {
            for (ItemId neighbour : adjacent.getOrDefault(each.item(), List.of())) {
                inherited.merge(neighbour, INHERITED * each.score(), Double::sum);
            }
        }
        List<Fused> result = new ArrayList<>();
        for (Fused each : fused) {
            Double share = inherited.remove(each.item());
            result.add(share == null ? each : each.withScore(each.score() + share));
        }
        if (admitNew) {
            inherited.forEach((item, share) -> result.add(Fused.inherited(item, share)));
        }
        return sorted(result);
    }

    /** Raises what users said, if the query asks in the first person; best first. */
    static List<Fused> favourOwnWords(List<Fused> fused, Map<ItemId, MemoryItem> items) {
        Map<ItemId, Double> own = new HashMap<>();
        items.forEach((id, item) -> own.put(id, item.origin().role() == Role.USER ? 1 + OWN_WORDS : 1.0));
        return sorted(fused.stream()
                .map(each -> each.withScore(each.score() * own.getOrDefault(each.item(), 1.0)))
                .toList());
    }

    private static List<Fused> sorted(List<Fused> fused) {
        return fused.stream()
                .sorted(Comparator.comparingDouble(Fused::score).reversed())
                .toList();
    }
}
