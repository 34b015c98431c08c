package io.memos4j.spi.models;

import java.time.Duration;
import java.util.List;

/**
 * Scores texts against a query by reading both together: slower and sharper than an index. Thread-safe.
 *
 * <p>Optional. A search passes it only its best candidates, and keeps its own order, with a warning, if it fails or is
 * late.
 */
public interface Reranker extends AutoCloseable {
    /** Returns the identity of the reranker, for example {@code http:bge-reranker-v2-m3}. */
    String id();

    /**
     * The relevance of each text, in the order of the texts; larger is better, any scale.
     *
     * @param timeout the time for the whole call
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#TIMEOUT} if the time is over, with
     *     {@link io.memos4j.api.ErrorCode#MODEL_FAILED} or {@link io.memos4j.api.ErrorCode#MODEL_REFUSED} if the model
     *     fails
     */
    List<Double> score(String query, List<String> texts, Duration timeout);

    @Override
    default void close() {}
}
