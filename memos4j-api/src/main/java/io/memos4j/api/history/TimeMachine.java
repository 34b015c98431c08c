package io.memos4j.api.history;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import java.time.Instant;
import java.util.List;

/**
 * Earlier states of a cube, to read, to compare and to return to. Thread-safe.
 *
 * <p>The time here is that of recording, not that of the world; compare {@link SearchRequest#validAt}. A change
 * recorded at an instant belongs to it. Resolution: milliseconds. What was erased is gone from the past, too. Before a
 * cube was made it was empty; future instants are refused with {@link ErrorCode#INVALID_ARGUMENT}.
 */
public interface TimeMachine {
    /** Returns an instant to come back to: everything recorded so far belongs to it, and nothing later. */
    Instant mark();

    /** Returns a view of the cube as it was recorded at an instant. */
    CubeView recordedAt(Instant recorded);

    /**
     * Returns a view of the cube as it was when a snapshot was taken.
     *
     * @throws MemoryException with {@link ErrorCode#SNAPSHOT_NOT_FOUND} if there is none of this name
     */
    CubeView recordedAt(String snapshot);

    /**
     * Compares the items of two instants, in order of insertion; an item that changed and changed back does not differ.
     */
    Page<ItemChange> diff(DiffRequest request);

    /** The first {@value DiffRequest#MAX_LIMIT} differences between two instants. */
    default List<ItemChange> diff(Instant from, Instant to) {
        return diff(DiffRequest.between(from, to).limit(DiffRequest.MAX_LIMIT)).items();
    }

    /**
     * Restores an item to its version of that time, supersession included. An item that is equal already gets no new
     * version.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the item was not there then, or is frozen now
     */
    MemoryItem rollback(ItemId item, Instant to);

    /**
     * Makes the whole cube equal to what it was, all or nothing: what changed gets another version, what came later is
     * archived, and successions are as they were. Nothing is removed, and {@link RollbackResult#before()} leads back.
     * Frozen items stay as they are. An item whose successor was erased since is recalled rather than archived, since
     * it would be lost otherwise.
     */
    RollbackResult rollback(Instant to);

    /** Rolls back to a snapshot. */
    RollbackResult rollback(String snapshot);

    /**
     * Names the present state: everything recorded so far belongs to it, and nothing later.
     *
     * @param name 1 to {@value Snapshot#MAX_LENGTH} characters, as for the name of a cube
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the name is taken
     */
    Snapshot snapshot(String name);

    /** Returns every snapshot, oldest first. */
    List<Snapshot> snapshots();

    /**
     * Deletes a snapshot; the state itself stays readable.
     *
     * @throws MemoryException with {@link ErrorCode#SNAPSHOT_NOT_FOUND} if there is none of this name
     */
    void deleteSnapshot(String name);

    /**
     * Creates a new cube from what this one knew. The items keep their ids and begin at version 1; ratings, successions
     * and vectors come along, former versions do not. Later changes of either cube do not touch the other.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_EXISTS} if the name is taken
     */
    MemCube fork(CubeId newCube, Instant at);
}
