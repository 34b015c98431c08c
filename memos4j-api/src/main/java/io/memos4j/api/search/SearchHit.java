package io.memos4j.api.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import java.util.List;
import java.util.Optional;

/**
 * One found item.
 *
 * @param item the memory
 * @param score 0 to 1, relative to the best match of this search; it orders the hits of one search and is not
 *     comparable across searches
 * @param excerpt the part of the text that answers; the whole text where it is short
 * @param citation the number, from 1, that stands for it in the rendered context; 0 if the asker knew it and it is not
 *     there
 * @param tokens what the item costs in the rendered context
 * @param duplicates items that say the same, which were folded into this one
 * @param episode the other turns that the excerpt shows, where a question about a course of events is answered by
 *     stretches of conversation; in order, empty otherwise
 * @param successor the item among the hits that gives the newer value of what this one says
 * @param why how each ranking saw it; empty unless an explanation was asked for
 */
public record SearchHit(
        MemoryItem item,
        double score,
        String excerpt,
        int citation,
        int tokens,
        List<ItemId> duplicates,
        List<ItemId> episode,
        Optional<ItemId> successor,
        List<String> why) {
    public SearchHit {
        duplicates = List.copyOf(duplicates);
        episode = List.copyOf(episode);
        why = List.copyOf(why);
    }
}
