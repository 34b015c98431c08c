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
    /** Keeps a snapshot; its name must be free. */
    void saveSnapshot(CubeKey cube, Snapshot snapshot);

    /** Forgets a snapshot; returns whether it was there. */
    boolean deleteSnapshot(CubeKey cube, String snapshot);

    /**
     * A new cube made of a former state.
     *
     * @param id its name, which must be free
     * @param at the state of when
     * @param now when it is made
     * @param cause why, for its versions
     */
    record ForkRequest(CubeId id, Instant at, Instant now, String cause) {}

    /**
     * Makes a new cube of the versions at an instant: with the same ids, as version 1, in the same order, with links,
     * successions, ratings, policy and marks. An item whose successor is no longer there is activated and holds again.
     * Passages, vectors and claims come along where the text is still the current one; the others are
     * {@link #itemsWithoutPassages}.
     */
    CubeRow fork(CubeKey cube, ForkRequest fork);

    /** The first items without passages, in order of insertion, after a place in it. */
    List<InsertedItem> itemsWithoutPassages(CubeKey cube, long after, int limit);

    /** Gives an item without passages its passages and its claim. */
    void storePassages(CubeKey cube, StoredItem item);
}
