package io.memos4j.spi.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Changes promoted items and saved KV caches. Works inside the transaction of its {@link VaultWriter}.
 *
 * <p>An item that gets another version, or a successor, or is erased takes with it, in the same transaction, its
 * promotion and every saved KV cache that has it as a source; a deleted cube takes its own and all that have its items
 * as sources. Deleting the files is up to the caller.
 */
public interface ActivationWriter extends ActivationReader {
    /** Replaces what is promoted in a cube. Items whose current version is another one are left out. */
    void replacePromoted(CubeKey cube, List<PromotedItem> promoted);

    /**
     * Records a saved KV cache in place of a former one of the same cube and file.
     *
     * @return false, and nothing is recorded, if a source is not what it was computed from any more
     */
    boolean record(StoredActivation activation);

    /** Records a use. */
    void recordUse(CubeKey cube, String file, Instant at);

    /** Deletes the record of a saved KV cache. */
    void drop(CubeKey cube, String file);

    /** Returns the cubes in which this transaction changed or erased something that existed before it. */
    Set<CubeKey> changedCubes();

    /** Returns those of them in which it erased something. */
    Set<CubeKey> erasedCubes();
}
