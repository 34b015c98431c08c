package io.memos4j.spi.items;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.Passage;
import java.util.List;
import java.util.Optional;

/**
 * A version of an item to be stored.
 *
 * @param item the new version
 * @param passages the passages of its text, for ranking
 * @param fingerprint identifies the same content when it comes again; empty if duplicates are not to be detected
 * @param claim the attribute that it gives a value; empty if it is no such statement
 * @param cause why the version is made: {@code add}, {@code update}, …
 */
public record StoredItem(
        MemoryItem item, List<Passage> passages, String fingerprint, Optional<Claim> claim, String cause) {
    public StoredItem {
        passages = List.copyOf(passages);
    }

    /** Returns a version with the same text, which keeps its passages, claim and vectors. */
    public static StoredItem withUnchangedText(MemoryItem item, String cause) {
        return new StoredItem(item, List.of(), "", Optional.empty(), cause);
    }

    /** Returns a copy with another item and cause. */
    public StoredItem with(MemoryItem newItem, String newCause) {
        return new StoredItem(newItem, passages, fingerprint, claim, newCause);
    }

    /**
     * An attribute of something and the value it is given, both as hashes: equal or not is all that is asked of them.
     *
     * @param key subject and attribute
     * @param value what it is said to be
     */
    public record Claim(String key, String value) {}
}
