package io.memos4j.spi;

import io.memos4j.api.MemoryItem;
import java.util.List;

/** An item of which some passages wait for their vector. */
public record PendingItem(CubeKey cube, MemoryItem item, List<Passage> passages) {
    public PendingItem {
        passages = List.copyOf(passages);
    }
}
