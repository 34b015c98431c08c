package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import java.util.Optional;

/**
 * Difference of an item between two instants.
 *
 * @param before as it was at the first; empty if it was not there
 * @param after as it was at the second; empty if it was not there
 */
public record ItemChange(ItemId id, Optional<MemoryItem> before, Optional<MemoryItem> after) {}
