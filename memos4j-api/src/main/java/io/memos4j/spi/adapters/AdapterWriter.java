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
 * The adapters of cubes. Works inside the transaction of its {@link VaultWriter}.
 *
 * <p>An adapter hangs on what it was taught. In the transaction in which a source gets another text or title, ceases to
 * hold (it expires, gets an end or a successor, or is archived, other than by its cooling) or is erased, every version
 * that was taught it and is a candidate, admitted or active is suspended. A suspended version is never used again, so
 * it loses its artifact; an erasure takes the artifact of every version, whatever its state, that was taught it. A cube
 * that is deleted takes its adapters.
 */
public interface AdapterWriter extends AdapterReader {
    void policy(CubeKey cube, LearningPolicy policy);

    /**
     * Records a new version.
     *
     * @return false, and nothing is recorded, if a source is not what was taught any more: since that version of it
     *     something has happened that suspends adapters
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#VERSION_CONFLICT} if the cube has
     *     this version already
     */
    boolean record(CubeKey cube, Adapter adapter);

    /** Keeps an examination. */
    void recordEvaluation(CubeKey cube, AdapterId id, AdapterEvaluation evaluation);

    /**
     * Moves a version to another state. An {@link AdapterState#ACTIVE} one takes the place of the active version of its
     * name, which is retired; a {@link AdapterState#SUSPENDED} one loses its artifact.
     *
     * @return false, and nothing is changed, if there is no such version, or it is suspended, or is to be active and
     *     has no artifact
     */
    boolean move(CubeKey cube, AdapterId id, AdapterState state, String why, Instant at);

    /** Adds to the history that something was found out about a version, in its present state. */
    void recordNote(CubeKey cube, AdapterId id, String what, Instant at);

    /** The versions that this transaction has suspended or whose artifact it has erased, those of deleted cubes too. */
    Set<AffectedAdapter> affectedAdapters();

    /** An adapter that a transaction took out of use, with its artifact. */
    record AffectedAdapter(CubeKey cube, AdapterId id) {}
}
