package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.spi.index.CubeIndex.Ranking;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prefers the working memory of the session: its items join the candidates even where hundreds of others come before
 * them, and win near-ties. Changes nothing for a search without a session.
 */
final class WorkingMemoryBoost {
    /** The hottest item's gain as a share of the best score: settles a near-tie, but never hides a better answer. */
    private static final double LARGEST_BOOST = 0.03;

    private final Map<ItemId, Double> heat = new HashMap<>();

    /** @param held the working memory of the session in all cubes */
    WorkingMemoryBoost(Collection<WorkingMemoryEntry> held) {
        double hottest =
                held.stream().mapToDouble(WorkingMemoryEntry::heat).max().orElse(1);
        held.forEach(each -> heat.merge(each.item(), each.heat() / Math.max(hottest, 1e-9), Math::max));
    }

    /** Adds to the candidates what the rankings of the working memory alone found. */
    static CandidateRankings addCandidates(CandidateRankings proposed, List<CandidateRankings> remembered) {
        if (remembered.isEmpty()) {
            return proposed;
        }
        return new CandidateRankings(
                merge(
                        proposed.lexical(),
                        remembered.stream().map(CandidateRankings::lexical).toList()),
                merge(
                        proposed.dense(),
                        remembered.stream().map(CandidateRankings::dense).toList()),
                proposed.standing(),
                proposed.vector());
    }

    private static Ranking merge(Ranking ranking, List<Ranking> more) {
        record PassageKey(ItemId item, int passage) {}
        Set<PassageKey> seen = new HashSet<>();
        ranking.candidates().forEach(each -> seen.add(new PassageKey(each.item(), each.passage())));
        List<PassageCandidate> all = new ArrayList<>(ranking.candidates());
        more.stream()
                .flatMap(each -> each.candidates().stream())
                .filter(each -> seen.add(new PassageKey(each.item(), each.passage())))
                .forEach(all::add);
        all.sort(Comparator.comparingDouble(PassageCandidate::score).reversed());
        return new Ranking(all, ranking.complete());
    }

    /** Raises the items in working memory by their heat. */
    List<RankedItem> boost(List<RankedItem> ranked) {
        if (heat.isEmpty() || ranked.isEmpty()) {
            return ranked;
        }
        double largest = LARGEST_BOOST * ranked.getFirst().score();
        List<RankedItem> boosted = new ArrayList<>(ranked);
        boosted.replaceAll(found -> heat.containsKey(found.id())
                ? found.withScore(found.score() + largest * heat.getOrDefault(found.id(), 0.0))
                        .withReason("in the session's working memory")
                : found);
        boosted.sort(RankedItem.BEST_FIRST);
        return boosted;
    }
}
