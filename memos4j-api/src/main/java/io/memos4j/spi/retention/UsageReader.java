package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often items are used, how a cube lets them age, and what sessions have at hand, to look at. Valid like the
 * {@link VaultReader} that it belongs to.
 */
public interface UsageReader {
    /** How a cube lets its memories age; the default if nothing was said. */
    RetentionPolicy policy(CubeKey cube);

    /** The use of those of these items that were used. */
    Map<ItemId, UsageRecord> itemUsage(CubeKey cube, Collection<ItemId> ids);

    /** How often the cube was asked for anything; empty if never. */
    Optional<UsageRecord> cubeUsage(CubeKey cube);

    /** The items that were used last, last one first. */
    List<UsedItem> lastUsed(CubeKey cube, int limit);

    /** Generated, activated and archived items whose time to live has ended by {@code now}, earliest first. */
    List<ItemId> findExpired(CubeKey cube, Instant now, int limit);

    /** When the next time to live ends, or has ended, of a generated, activated or archived item. */
    Optional<Instant> nextExpiry(CubeKey cube);

    /** Activated items behind a place in the order of insertion, in that order. */
    List<AgingItem> agingItems(CubeKey cube, long after, int limit);

    /** How many items of the cube are recalled: activated or frozen. */
    long countRecalled(CubeKey cube);

    /** What a session has at hand, in no order. */
    List<WorkingMemoryEntry> workingMemory(CubeKey cube, String session);

    /**
     * Items in the working memories of other sessions that hold some of these items, those first whose sessions share
     * most with these; without these.
     */
    List<ItemId> findCoOccurring(CubeKey cube, String session, Collection<ItemId> ids, int limit);
}
