package io.memos4j.spi.index;

import io.memos4j.api.items.MemoryItem;
import java.util.List;
import java.util.Optional;

/** A current item on its way into the index, with the vectors that exist so far. */
public record IndexedItem(MemoryItem item, List<IndexedPassage> passages) {
    public IndexedItem {
        passages = List.copyOf(passages);
    }

    /**
     * A passage with its vector.
     *
     * @param vector encoded by {@link Int8Vectors}; empty while pending or if the passage gets none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record IndexedPassage(Passage passage, Optional<byte[]> vector) {}
}
