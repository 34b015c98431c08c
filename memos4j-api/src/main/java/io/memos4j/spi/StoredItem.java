package io.memos4j.spi;

import io.memos4j.api.MemoryItem;
import java.util.List;

/**
 * A version of an item on its way into the vault.
 *
 * @param item the item as it shall be
 * @param passages how its text is cut for ranking
 * @param fingerprint identifies the same content when it comes again; empty if it is not to be recognised
 * @param cause why the version is made: {@code add}, {@code update}, …
 */
public record StoredItem(MemoryItem item, List<Passage> passages, String fingerprint, String cause) {
    public StoredItem {
        passages = List.copyOf(passages);
    }
}
