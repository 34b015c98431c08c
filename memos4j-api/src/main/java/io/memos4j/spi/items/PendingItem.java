package io.memos4j.spi.items;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Passage;
import java.util.List;

/** An item of which some passages wait for their vector. */
public record PendingItem(CubeKey cube, MemoryItem item, List<Passage> passages) {
    public PendingItem {
        passages = List.copyOf(passages);
    }
}
