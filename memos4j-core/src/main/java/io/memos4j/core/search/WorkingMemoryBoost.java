package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.core.search.CandidateRetriever.Proposed;
import io.memos4j.core.search.SearchService.Parts;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the session of a search has at hand: joins the candidates with its own score even where hundreds of others came
 * before it, and is preferred among near-ties. Without a session it changes nothing.
 */
final class WorkingMemoryBoost {
    /**
     * What the hottest item gains, as a share of the best score: enough to settle a near-tie, too little to hide a
     * better answer.
     */
    private static final double MOST = 0.03;

    private final Map<ItemId, Double> heat = new HashMap<>();

    private WorkingMemoryBoost(List<WorkingMemoryEntry> held) {
        double hottest = held.isEmpty() ? 1 : Math.max(held.getFirst().heat(), 1e-9);
        held.forEach(each -> heat.put(each.item(), each.heat() / hottest));
    }

    static WorkingMemoryBoost of(Parts parts, CubeRow cube, String session) {
        return new WorkingMemoryBoost(
                session.isEmpty()
                        ? List.of()
                        : parts.vault()
                                .read(reader -> parts.uses()
                                        .workingMemory(
                                                reader,
                                                cube.key(),
                                                session,
                                                parts.clock().instant())));
    }

    /** The candidates, and what is at hand and matches the filter. */
    Proposed join(Proposed proposed, CandidateRetriever candidates, String query, Filter filter) {
        if (heat.isEmpty()) {
            return proposed;
        }
        Filter held = Filter.and(
                filter,
                Filter.in("id", heat.keySet().stream().map(ItemId::toString).toList()));
        Ranking lexical = joined(proposed.lexical(), candidates.lexical(query, held, heat.size()));
        Ranking dense = proposed.vector()
                .map(vector -> joined(proposed.dense(), candidates.near(vector, held, heat.size())))
                .orElse(proposed.dense());
        return new Proposed(lexical, dense, proposed.standing(), proposed.vector());
    }

    private static Ranking joined(Ranking ranking, Ranking more) {
        record Place(ItemId item, int passage) {}
        Set<Place> seen = new HashSet<>();
        ranking.candidates().forEach(each -> seen.add(new Place(each.item(), each.passage())));
        List<PassageCandidate> all = new ArrayList<>(ranking.candidates());
        more.candidates().stream()
                .filter(each -> seen.add(new Place(each.item(), each.passage())))
                .forEach(all::add);
        all.sort(Comparator.comparingDouble(PassageCandidate::score).reversed());
        return new Ranking(all, ranking.complete());
    }

    /** The ranking with what is at hand before its near-ties. */
    List<RankedItem> favour(List<RankedItem> ranked) {
        if (heat.isEmpty() || ranked.isEmpty()) {
            return ranked;
        }
        double bonus = MOST * ranked.getFirst().score();
        List<RankedItem> favoured = new ArrayList<>(ranked);
        favoured.replaceAll(found -> heat.containsKey(found.id())
                ? found.withScore(found.score() + bonus * heat.getOrDefault(found.id(), 0.0))
                        .withReason("at hand in the session")
                : found);
        favoured.sort(RankedItem.BEST_FIRST);
        return favoured;
    }
}
