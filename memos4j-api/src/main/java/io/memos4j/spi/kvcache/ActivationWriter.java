package io.memos4j.spi.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is promoted and computed. Works inside the transaction of its {@link VaultWriter}.
 *
 * <p>An item that gets another version, or a successor, or is erased takes with it, in the same transaction, its
 * promotion and every computed beginning that has it as a source; a cube that is deleted takes all of its own and all
 * that have its items as sources. Their files are the caller's.
 */
public interface ActivationWriter extends ActivationReader {
    /** Replaces what is promoted in a cube. Items whose current version is another one are left out. */
    void replacePromoted(CubeKey cube, List<PromotedItem> promoted);

    /**
     * Records a computed beginning in place of a former one of the same cube and file.
     *
     * @return false, and nothing is recorded, if a source is not what it was computed from any more
     */
    boolean record(StoredActivation activation);

    /** Notes a use. */
    void recordUse(CubeKey cube, String file, Instant at);

    /** Forgets a computed beginning of a cube. */
    void drop(CubeKey cube, String file);

    /** Keys of the cubes in which this transaction has changed or erased something that existed before it. */
    Set<CubeKey> changedCubes();

    /** Of these, those in which it has erased something. */
    Set<CubeKey> erasedCubes();
}
