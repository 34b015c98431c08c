package io.memos4j.api.history;

import io.memos4j.api.items.MemoryItem;
import java.util.List;

/**
 * Result of undoing a change.
 *
 * @param change what was undone
 * @param restored the items that got their former state back; several if a request to forget was undone
 * @param repeated true if the change had been undone before: nothing was changed now
 */
public record UndoResult(ChangeId change, List<MemoryItem> restored, boolean repeated) {
    public UndoResult {
        restored = List.copyOf(restored);
    }
}
