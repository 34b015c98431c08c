package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import java.time.Instant;
import java.util.List;

/**
 * Result of a rollback, in order of insertion.
 *
 * @param to the instant that it went back to
 * @param before the last instant before it; a rollback to this one undoes it
 * @param restored items that got an earlier state back
 * @param archived items that had come later
 * @param frozen items that have changed since and were left alone because they are frozen now
 */
public record RollbackResult(
        Instant to, Instant before, List<ItemId> restored, List<ItemId> archived, List<ItemId> frozen) {
    public RollbackResult {
        restored = List.copyOf(restored);
        archived = List.copyOf(archived);
        frozen = List.copyOf(frozen);
    }
}
