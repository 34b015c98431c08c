package io.memos4j.api.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import java.time.Instant;
import java.util.List;

/**
 * The activation memory of a cube: the fixed start of its prompts, and its KV caches.
 *
 * <p>Thread-safe. A change or erasure of a source erases what was computed from it, bytes included, before the call
 * returns.
 */
public interface ActivationMemory {
    /**
     * Returns the items that the scheduler placed at the start of every prompt, in order, each with the reason.
     * Standing instructions and the profile are always included.
     */
    List<Promotion> promoted();

    /** Returns the KV caches of this cube, oldest first. */
    List<KvCacheEntry> list();

    /**
     * Computes the KV cache of the current prompt prefix, unless it exists, and saves it.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if the engine has no activation runtime;
     *     with {@link ErrorCode#TOO_LARGE} if it is longer than the model's context or larger than the quota
     */
    List<KvCacheEntry> compile();

    /**
     * Erases a KV cache of this cube, bytes included; returns false if there is none with this id. It is computed again
     * when it is needed.
     */
    boolean drop(String id);

    /**
     * An item at the start of every prompt.
     *
     * @param why the decision, in a sentence
     * @param since when it was decided
     */
    record Promotion(MemoryItem item, String why, Instant since) {}
}
