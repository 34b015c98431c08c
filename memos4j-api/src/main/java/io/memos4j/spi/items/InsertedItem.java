package io.memos4j.spi.items;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.vault.VaultWriter;

/**
 * An item with its place in the order of insertion.
 *
 * @param ordinal the place, for {@link VaultWriter#setMark}
 */
public record InsertedItem(MemoryItem item, long ordinal) {}
