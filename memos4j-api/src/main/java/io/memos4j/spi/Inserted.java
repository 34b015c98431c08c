package io.memos4j.spi;

import io.memos4j.api.MemoryItem;

/**
 * An item with its place in the order of insertion.
 *
 * @param ordinal the place, for {@link VaultWriter#mark}
 */
public record Inserted(MemoryItem item, long ordinal) {}
