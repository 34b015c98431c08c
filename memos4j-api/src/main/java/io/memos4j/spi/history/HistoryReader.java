package io.memos4j.spi.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads earlier states of a cube. Valid like the {@link VaultReader} that it belongs to.
 *
 * <p>The version of an item at an instant is the one recorded at or before it that was not superseded at or before it;
 * there is none before the first. Of several versions of one millisecond only the last was ever the item's version.
 * Filters read the version, not the current one. What is forgotten now is gone from the past, too.
 */
public interface HistoryReader {
    /** Returns these items as they were then, as far as they existed and match, in this order. */
    List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids, Filter filter, Instant at);

    /** Returns a page of items as they were then; cursors as in {@link VaultReader#list}. */
    Page<MemoryItem> list(CubeKey cube, ListRequest request, Instant at);

    /** Returns the items whose versions at two instants differ in content, state or validity, in order of insertion. */
    Page<ItemChange> diff(CubeKey cube, DiffRequest request);

    /**
     * Returns a page of changes, latest first, with the versions that they made and those before.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor of
     *     another listing
     */
    Page<VersionChange> changes(CubeKey cube, ChangeRequest request);

    /** Returns the forgotten items whose current version has this evidence: what a request to forget covers. */
    List<ItemId> forgottenBy(CubeKey cube, ItemId request);

    /**
     * Returns the first current items after a place in the order of insertion that have a version recorded after an
     * instant.
     */
    List<InsertedItem> changedSince(CubeKey cube, Instant since, long after, int limit);

    /** Returns the supersessions of these items as their versions at that instant knew them. */
    List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> formers, Instant at);

    /** Returns the items that matched then and whose text or title has changed since, last changed first. */
    List<MemoryItem> findRewritten(CubeKey cube, Filter filter, Instant at, int limit);

    /** Returns every snapshot, oldest first. */
    List<Snapshot> snapshots(CubeKey cube);

    /** Returns when the last change of any cube was recorded; empty if nothing was ever stored. Cheap. */
    Optional<Instant> lastChange();
}
