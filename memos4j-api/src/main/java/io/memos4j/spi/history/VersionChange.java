package io.memos4j.spi.history;

import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;

/**
 * A change and the versions that it lies between.
 *
 * @param current the item as it is now
 * @param inForce true if the item is as the change left it, or is so again, and no undoing of the change is in force
 */
public record VersionChange(
        ItemVersion former, ItemVersion made, ChangeKind kind, MemoryItem current, boolean inForce) {}
