package io.memos4j.api.transfer;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.MemoryItem;

/**
 * Two statements that gave one attribute different values when they came together in one cube. The later one holds, of
 * two of the same time the one that was there. The other is archived; {@link MemCube#reinstate} undoes it.
 *
 * @param incoming what came from the other cube, as it was before
 * @param present what was there, as it was before
 * @param incomingHolds whether it is the incoming one that holds now
 */
public record TransferConflict(MemoryItem incoming, MemoryItem present, boolean incomingHolds) {
    /** Returns the statement that holds now. */
    public MemoryItem current() {
        return incomingHolds ? incoming : present;
    }

    /** Returns the statement that was archived. */
    public MemoryItem archived() {
        return incomingHolds ? present : incoming;
    }
}
