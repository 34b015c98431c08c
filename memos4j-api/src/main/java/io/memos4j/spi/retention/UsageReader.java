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
 * Reads usage records, retention policies and working memory. Valid like the {@link VaultReader} that it belongs to.
 */
public interface UsageReader {
    /** Returns the retention policy of a cube; the default if none was set. */
    RetentionPolicy policy(CubeKey cube);

    /** Returns the usage of these items, as far as they were used. */
    Map<ItemId, UsageRecord> itemUsage(CubeKey cube, Collection<ItemId> ids);

    /** Returns the record of queries to the cube; empty if there was none. */
    Optional<UsageRecord> cubeUsage(CubeKey cube);

    /** Returns the most recently used items, last one first. */
    List<UsedItem> lastUsed(CubeKey cube, int limit);

    /**
     * Returns the generated, activated, archived and forgotten items whose time to live has ended by {@code now},
     * earliest first.
     */
    List<ItemId> findExpired(CubeKey cube, Instant now, int limit);

    /**
     * Returns the earliest end of a time to live, past or future, of generated, activated, archived and forgotten
     * items.
     */
    Optional<Instant> nextExpiry(CubeKey cube);

    /** Returns activated items after a place in the order of insertion, in that order. */
    List<AgingItem> agingItems(CubeKey cube, long after, int limit);

    /** Counts the items of the cube that searches recall: activated or frozen. */
    long countRecalled(CubeKey cube);

    /** Returns the working memory of a session, in no order. */
    List<WorkingMemoryEntry> workingMemory(CubeKey cube, String session);

    /**
     * Returns other items in the working memories of other sessions that hold some of these, by how much those sessions
     * share with these.
     */
    List<ItemId> findCoOccurring(CubeKey cube, String session, Collection<ItemId> ids, int limit);
}
