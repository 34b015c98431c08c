package io.memos4j.spi.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Set;

/**
 * Changes the adapters of cubes. Works inside the transaction of its {@link VaultWriter}.
 *
 * <p>An adapter depends on the items that it was taught. In the transaction in which a source gets another text or
 * title, ceases to be valid (it expires, ends, is superseded, or is archived other than by decay) or is erased, every
 * candidate, admitted or active version that was taught it is suspended. A suspended version is never used again and
 * loses its artifact; an erasure also deletes the artifacts of versions in any other state that were taught the item.
 * Deleting a cube deletes its adapters.
 */
public interface AdapterWriter extends AdapterReader {
    void policy(CubeKey cube, LearningPolicy policy);

    /**
     * Records a new version.
     *
     * @return false, and nothing is recorded, if a source has changed since that version in a way that suspends
     *     adapters
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#VERSION_CONFLICT} if the cube has
     *     this version already
     */
    boolean record(CubeKey cube, Adapter adapter);

    /** Records an evaluation. */
    void recordEvaluation(CubeKey cube, AdapterId id, AdapterEvaluation evaluation);

    /**
     * Moves a version to another state. An {@link AdapterState#ACTIVE} one takes the place of the active version of its
     * name, which is retired; a {@link AdapterState#SUSPENDED} one loses its artifact.
     *
     * @return false, and nothing is changed, if there is no such version, or it is suspended, or is to be active and
     *     has no artifact
     */
    boolean move(CubeKey cube, AdapterId id, AdapterState state, String why, Instant at);

    /** Adds a note on a version to the history, in its present state. */
    void recordNote(CubeKey cube, AdapterId id, String what, Instant at);

    /**
     * Returns the versions that this transaction suspended or whose artifact it erased, those of deleted cubes
     * included.
     */
    Set<AffectedAdapter> affectedAdapters();

    /** An adapter that a transaction took out of use, with its artifact. */
    record AffectedAdapter(CubeKey cube, AdapterId id) {}
}
