package io.memos4j.spi.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
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
 * Filters read the version, not the current one.
 */
public interface HistoryReader {
    /** Those of these items that match, as they were, in this order; what was not there is left out. */
    List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids, Filter filter, Instant at);

    /** A page of items as they were; cursors as in {@link VaultReader#list}. */
    Page<MemoryItem> list(CubeKey cube, ListRequest request, Instant at);

    /** The items whose versions at two instants differ in content, state or validity, in order of insertion. */
    Page<ItemChange> diff(CubeKey cube, DiffRequest request);

    /** The first current items with a version recorded after an instant, in order of insertion, after a place in it. */
    List<InsertedItem> changedSince(CubeKey cube, Instant since, long after, int limit);

    /** Returns the supersessions of these items as their versions at that instant knew them. */
    List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> formers, Instant at);

    /** The items that match as they were, and whose text or title was another than it is now; last changed first. */
    List<MemoryItem> findRewritten(CubeKey cube, Filter filter, Instant at, int limit);

    /** Every snapshot, oldest first. */
    List<Snapshot> snapshots(CubeKey cube);

    /** Returns when the last change of any cube was recorded; empty if nothing was ever stored. Cheap. */
    Optional<Instant> lastChange();
}
