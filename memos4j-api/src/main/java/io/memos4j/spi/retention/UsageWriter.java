package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.List;
import java.util.Map;

/**
 * How often items are used, how a cube lets them age, and what sessions have at hand. Works inside the transaction of
 * its {@link VaultWriter}.
 */
public interface UsageWriter extends UsageReader {
    /** Says how a cube lets its memories age. */
    void policy(CubeKey cube, RetentionPolicy policy);

    /** Records the use of items in place of the former record; items that the cube does not have are left out. */
    void recordItemUsage(CubeKey cube, Map<ItemId, UsageRecord> uses);

    /** Records how often the cube was asked, in place of the former record. */
    void asked(CubeKey cube, UsageRecord use);

    /** Replaces what a session has at hand; items that the cube does not have are left out. */
    void replaceWorkingMemory(CubeKey cube, String session, List<WorkingMemoryEntry> all);

    /** Forgets the working memories of all but the sessions that were touched last. */
    void retainSessions(CubeKey cube, int sessions);
}
