package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.List;
import java.util.Map;

/**
 * Changes usage records, retention policies and working memory. Works inside the transaction of its
 * {@link VaultWriter}.
 */
public interface UsageWriter extends UsageReader {
    /** Sets the retention policy of a cube. */
    void policy(CubeKey cube, RetentionPolicy policy);

    /** Records the use of items in place of the former record; items that the cube does not have are left out. */
    void recordItemUsage(CubeKey cube, Map<ItemId, UsageRecord> uses);

    /** Records the queries to the cube, in place of the former record. */
    void recordQueries(CubeKey cube, UsageRecord use);

    /** Replaces the working memory of a session; items that the cube does not have are left out. */
    void replaceWorkingMemory(CubeKey cube, String session, List<WorkingMemoryEntry> all);

    /** Deletes the working memories of all but the most recently touched sessions. */
    void retainSessions(CubeKey cube, int sessions);
}
