package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An item with its score, between the candidates and the hits.
 *
 * @param item the memory
 * @param fused its place in the rankings
 * @param score the relevance to this search; 0 to about 1, may grow beyond
 * @param duplicates items that say the same
 * @param span the turns that are shown together with it
 * @param asked the question that it answers and means nothing without; empty if it stands for itself
 * @param successor the item that gives the newer value of the same attribute
 * @param stated the standing statement for which it is considered, whatever the query is
 * @param reasons the effects of the stages after fusion, for an explanation
 */
record RankedItem(
        MemoryItem item,
        FusedCandidate fused,
        double score,
        List<ItemId> duplicates,
        List<MemoryItem> span,
        String asked,
        Optional<ItemId> successor,
        Optional<StandingMemory> stated,
        List<String> reasons) {

    static final Comparator<RankedItem> BEST_FIRST =
            Comparator.comparingDouble(RankedItem::score).reversed();

    static RankedItem of(MemoryItem item, FusedCandidate fused) {
        return new RankedItem(
                item, fused, fused.score(), List.of(), List.of(), "", Optional.empty(), Optional.empty(), List.of());
    }

    ItemId id() {
        return item.id();
    }

    RankedItem withScore(double newScore) {
        return new RankedItem(item, fused, newScore, duplicates, span, asked, successor, stated, reasons);
    }

    /** Multiplies the score for a named reason. */
    RankedItem multipliedBy(double factor, String reason) {
        return withScore(score * factor).withReason(reason);
    }

    RankedItem withReason(String reason) {
        return new RankedItem(item, fused, score, duplicates, span, asked, successor, stated, append(reasons, reason));
    }

    RankedItem withDuplicate(ItemId other) {
        return new RankedItem(item, fused, score, append(duplicates, other), span, asked, successor, stated, reasons);
    }

    /** Tells whether this is the item, has it as a duplicate, or shows it among its turns. */
    boolean represents(ItemId other) {
        return id().equals(other)
                || duplicates.contains(other)
                || span.stream().anyMatch(turn -> turn.id().equals(other));
    }

    /** This item and its duplicates. */
    Stream<ItemId> itemAndDuplicates() {
        return Stream.concat(Stream.of(id()), duplicates.stream());
    }

    /** Adds the items that the vault has merged into this one or one of its duplicates. */
    RankedItem withMerged(Map<ItemId, List<ItemId>> merged) {
        Set<ItemId> wider = new LinkedHashSet<>(duplicates);
        itemAndDuplicates().forEach(each -> wider.addAll(merged.getOrDefault(each, List.of())));
        wider.remove(id());
        return new RankedItem(item, fused, score, List.copyOf(wider), span, asked, successor, stated, reasons);
    }

    /** Considers the item for a standing statement; for its whole text if it is considered for another one already. */
    RankedItem stating(StandingMemory other) {
        StandingMemory statement = stated.map(first -> new StandingMemory(item, first.type(), item.text()))
                .orElse(other);
        return new RankedItem(item, fused, score, duplicates, span, asked, successor, Optional.of(statement), reasons);
    }

    RankedItem withSpan(List<MemoryItem> turns) {
        return new RankedItem(item, fused, score, duplicates, List.copyOf(turns), asked, successor, stated, reasons);
    }

    /** The same hit with other texts of its memories. */
    RankedItem withTexts(MemoryItem shown, List<MemoryItem> turns, Optional<StandingMemory> statement) {
        return new RankedItem(shown, fused, score, duplicates, turns, asked, successor, statement, reasons);
    }

    RankedItem succeededBy(ItemId newer) {
        return new RankedItem(item, fused, score, duplicates, span, asked, Optional.of(newer), stated, reasons);
    }

    RankedItem answering(String question) {
        return new RankedItem(
                item,
                fused,
                score,
                duplicates,
                span,
                question,
                successor,
                stated,
                append(reasons, "answers: " + question));
    }

    /** Tells whether the query found it, by words or by meaning. */
    boolean isFound() {
        return fused.lexicalRank() > 0 || fused.denseRank() > 0;
    }

    /** The passage with the best score. */
    int bestPassage() {
        return fused.passages().isEmpty() ? 0 : fused.passages().getFirst().passage();
    }

    private static <T> List<T> append(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return List.copyOf(longer);
    }
}
