package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.operator.Fusion.Fused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An item on its way from the candidates to the hits.
 *
 * @param item the memory
 * @param fused how the rankings saw it
 * @param score what it is worth to this search; 0 to about 1, may grow beyond
 * @param folded items that say the same and were folded into it
 * @param episode the other turns that are shown with it
 * @param successor the item that gives the newer value of what it says
 * @param why what the stages after the rankings did to it, for an explanation
 */
record Found(
        MemoryItem item,
        Fused fused,
        double score,
        List<ItemId> folded,
        List<MemoryItem> episode,
        Optional<ItemId> successor,
        List<String> why) {

    static final Comparator<Found> BEST_FIRST =
            Comparator.comparingDouble(Found::score).reversed();

    static Found of(MemoryItem item, Fused fused) {
        return new Found(item, fused, fused.score(), List.of(), List.of(), Optional.empty(), List.of());
    }

    ItemId id() {
        return item.id();
    }

    Found scored(double newScore) {
        return new Found(item, fused, newScore, folded, episode, successor, why);
    }

    /** Multiplied by a factor that has a name. */
    Found times(double factor, String reason) {
        return scored(score * factor).because(reason);
    }

    Found because(String reason) {
        return new Found(item, fused, score, folded, episode, successor, with(why, reason));
    }

    Found folding(ItemId other) {
        return new Found(item, fused, score, with(folded, other), episode, successor, why);
    }

    /** Whether it is this item, or holds it folded. */
    boolean stands(ItemId other) {
        return id().equals(other) || folded.contains(other);
    }

    /** This item and those folded into it. */
    Stream<ItemId> all() {
        return Stream.concat(Stream.of(id()), folded.stream());
    }

    /** Folds what the vault has merged into any of these. */
    Found standingFor(Map<ItemId, List<ItemId>> merged) {
        Set<ItemId> wider = new LinkedHashSet<>(folded);
        all().forEach(each -> wider.addAll(merged.getOrDefault(each, List.of())));
        wider.remove(id());
        return new Found(item, fused, score, List.copyOf(wider), episode, successor, why);
    }

    /** Takes the place of a hit that this one was folded into, or is. */
    Found instead(Found other) {
        if (other.id().equals(id())) {
            return other;
        }
        List<ItemId> all = new ArrayList<>(other.folded);
        all.remove(id());
        all.add(other.id());
        return new Found(item, other.fused, other.score, List.copyOf(all), List.of(), Optional.empty(), other.why);
    }

    Found showing(List<MemoryItem> turns) {
        return new Found(item, fused, score, folded, List.copyOf(turns), successor, why);
    }

    Found succeededBy(ItemId newer) {
        return new Found(item, fused, score, folded, episode, Optional.of(newer), why);
    }

    /** The passage that the rankings liked best. */
    int bestPassage() {
        return fused.passages().isEmpty() ? 0 : fused.passages().getFirst().passage();
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return List.copyOf(longer);
    }
}
