package io.memos4j.spi.history;

import io.memos4j.api.CubeId;
import io.memos4j.api.history.Snapshot;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.List;

/** Changes snapshots and forks cubes. Works inside the transaction of its {@link VaultWriter}. */
public interface HistoryWriter extends HistoryReader {
    /** Saves a snapshot; its name must be free. */
    void saveSnapshot(CubeKey cube, Snapshot snapshot);

    /** Deletes a snapshot; returns true if it existed. */
    boolean deleteSnapshot(CubeKey cube, String snapshot);

    /**
     * Request for a new cube made of an earlier state.
     *
     * @param id its name, which must be free
     * @param at the instant of the state
     * @param now when it is made
     * @param cause why, for its versions
     * @param principal to whom the words of the owner are attributed in it; empty if it has the same owner
     */
    record ForkRequest(CubeId id, Instant at, Instant now, String cause, String principal) {}

    /**
     * Creates a cube of the versions at an instant: with the same ids, as version 1, in the same order, with links,
     * supersessions, ratings, policy and marks. An item whose successor no longer exists is activated and valid again.
     * Passages, vectors and claims are copied if the text is still the current one; the other items are
     * {@link #itemsWithoutPassages}.
     */
    CubeRow fork(CubeKey cube, ForkRequest fork);

    /** Returns the first items without passages after a place in the order of insertion. */
    List<InsertedItem> itemsWithoutPassages(CubeKey cube, long after, int limit);

    /** Stores the passages and the claim of an item that has none. */
    void storePassages(CubeKey cube, StoredItem item);
}
