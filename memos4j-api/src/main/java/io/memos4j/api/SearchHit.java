package io.memos4j.api;

import java.util.List;

/**
 * One found item.
 *
 * @param item the memory
 * @param score 0 to 1, relative to the best match of this search; it orders the hits of one search and is not comparable across
 *     searches
 * @param excerpt the part of the text that answers; the whole text where it is short
 * @param citation the number, from 1, that stands for it in the rendered context
 * @param tokens what the item costs in the rendered context
 * @param duplicates items with the same text, which were folded into this one
 * @param why how each ranking saw it; empty unless an explanation was asked for
 */
public record SearchHit(
        MemoryItem item,
        double score,
        String excerpt,
        int citation,
        int tokens,
        List<ItemId> duplicates,
        List<String> why) {
    public SearchHit {
        duplicates = List.copyOf(duplicates);
        why = List.copyOf(why);
    }
}
