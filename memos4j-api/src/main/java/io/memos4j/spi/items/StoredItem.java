package io.memos4j.spi.items;

import io.memos4j.api.history.ChangeReason;
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
 * @param cause why the version is made, in words: {@code add}, {@code update}, …
 * @param reason the rule that decided it, its evidence and confidence
 */
public record StoredItem(
        MemoryItem item,
        List<Passage> passages,
        String fingerprint,
        Optional<Claim> claim,
        String cause,
        ChangeReason reason) {
    public StoredItem {
        passages = List.copyOf(passages);
    }

    /** A version of which no reason but its cause is recorded, such as the first one. */
    public StoredItem(
            MemoryItem item, List<Passage> passages, String fingerprint, Optional<Claim> claim, String cause) {
        this(item, passages, fingerprint, claim, cause, ChangeReason.UNKNOWN);
    }

    /** Returns a copy with a reason. */
    public StoredItem because(ChangeReason newReason) {
        return new StoredItem(item, passages, fingerprint, claim, cause, newReason);
    }

    /** Returns a copy with another claim, or none. */
    public StoredItem withClaim(Optional<Claim> newClaim) {
        return new StoredItem(item, passages, fingerprint, newClaim, cause, reason);
    }

    /** Returns a version with the same text, which keeps its passages, claim and vectors. */
    public static StoredItem withUnchangedText(MemoryItem item, String cause) {
        return new StoredItem(item, List.of(), "", Optional.empty(), cause);
    }

    /** Returns a copy with another item and cause. */
    public StoredItem with(MemoryItem newItem, String newCause) {
        return new StoredItem(newItem, passages, fingerprint, claim, newCause, reason);
    }

    /**
     * An attribute of something and the value it is given, both as hashes: equal or not is all that is asked of them.
     *
     * @param key subject and attribute
     * @param value what it is said to be
     */
    public record Claim(String key, String value) {}
}
