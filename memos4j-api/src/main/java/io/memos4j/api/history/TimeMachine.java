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
 * What a cube knew, at any time since it was made: to look at, to compare, to go back to. Thread-safe.
 *
 * <p>The time here is the system's: when something was recorded, whenever it may have happened in the world; compare
 * {@link SearchRequest#validAt}. A change recorded at an instant belongs to it. Resolution: milliseconds. What was
 * erased is gone from the past too. Before a cube was made it was empty; instants to come are refused with
 * {@link ErrorCode#INVALID_ARGUMENT}.
 */
public interface TimeMachine {
    /** An instant to come back to: everything recorded so far belongs to it, and nothing that comes later. */
    Instant mark();

    /** The cube as it was at an instant. */
    CubeView recordedAt(Instant recorded);

    /**
     * The cube as it was when a snapshot was taken.
     *
     * @throws MemoryException with {@link ErrorCode#SNAPSHOT_NOT_FOUND} if there is none of this name
     */
    CubeView recordedAt(String snapshot);

    /** How the items of two instants differ, in order of insertion; an item that changed and changed back does not. */
    Page<ItemChange> diff(DiffRequest request);

    /** The first {@value DiffRequest#MAX_LIMIT} differences between two instants. */
    default List<ItemChange> diff(Instant from, Instant to) {
        return diff(DiffRequest.between(from, to).limit(DiffRequest.MAX_LIMIT)).items();
    }

    /**
     * Makes the next version of an item equal to the one of then, with its succession. An item that is so already gets
     * no version.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the item was not there then, or is frozen now
     */
    MemoryItem rollback(ItemId item, Instant to);

    /**
     * Makes the whole cube equal to what it was, all or nothing: what changed gets another version, what came later is
     * archived, and successions are as they were. Nothing is removed, and {@link RollbackResult#before()} leads back.
     * Frozen items stay as they are. An item that gave way to one that was erased since is recalled rather than
     * archived: it would be missing otherwise.
     */
    RollbackResult rollback(Instant to);

    /** Goes back to a snapshot. */
    RollbackResult rollback(String snapshot);

    /**
     * Gives the present a name: everything recorded so far belongs to it, and nothing that comes later.
     *
     * @param name 1 to {@value Snapshot#MAX_LENGTH} characters, as for the name of a cube
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the name is taken
     */
    Snapshot snapshot(String name);

    /** Every snapshot, oldest first. */
    List<Snapshot> snapshots();

    /**
     * Forgets a name; what was known then stays to be looked at.
     *
     * @throws MemoryException with {@link ErrorCode#SNAPSHOT_NOT_FOUND} if there is none of this name
     */
    void deleteSnapshot(String name);

    /**
     * Makes a new cube of what this one knew. The items keep their ids and begin at version 1; ratings, successions and
     * vectors come along, former versions do not. Later changes of either cube do not touch the other.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_EXISTS} if the name is taken
     */
    MemCube fork(CubeId newCube, Instant at);
}
