package io.memos4j.api.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import java.time.Instant;
import java.util.List;

/**
 * The activation memory of a cube: what stands at the beginning of its prompts, and the computed form of it.
 *
 * <p>Thread-safe. Any change or erasure of a source ends what was computed from it, bytes included, before the call
 * that changed it returns.
 */
public interface ActivationMemory {
    /**
     * What the scheduler put at the beginning of every prompt, in order, and why. Standing instructions and the profile
     * stand there anyway.
     */
    List<Promotion> promoted();

    /** The computed beginnings of this cube, oldest first. */
    List<KvCacheEntry> list();

    /**
     * Computes the present beginning, if it is not there, and writes it to its file.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if the engine has no activation runtime;
     *     with {@link ErrorCode#TOO_LARGE} if it is longer than the model's context or larger than the quota
     */
    List<KvCacheEntry> compile();

    /**
     * Erases a computed beginning of this cube, bytes included; false if there is none of this id. It is computed anew
     * when it is needed.
     */
    boolean drop(String id);

    /**
     * A memory at the beginning of every prompt.
     *
     * @param why the decision, in a sentence
     * @param since when it was decided
     */
    record Promotion(MemoryItem item, String why, Instant since) {}
}
