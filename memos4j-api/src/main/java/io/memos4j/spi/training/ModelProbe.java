package io.memos4j.spi.training;

import java.util.function.IntPredicate;

/**
 * A model, with an adapter or without, that can be asked for logits and greedy answers. Thread-safe; one computation
 * runs at a time.
 *
 * <p>Token ids must be in the vocabulary, and no more than the model's context may hold; else
 * {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT}. All may fail with {@link io.memos4j.api.ErrorCode#INTERRUPTED},
 * {@link io.memos4j.api.ErrorCode#CLOSED} and {@link io.memos4j.api.ErrorCode#RUNTIME_FAILED}.
 */
public interface ModelProbe extends AutoCloseable {
    /**
     * The logits of the token that follows, after each token from the index {@code from} on: one row for each, as wide
     * as the vocabulary.
     */
    float[][] logits(int[] tokens, int from);

    /**
     * Goes on with the most probable token each time.
     *
     * @param prompt at least one token
     * @param most tokens to say, at least 1; fewer where the context ends
     * @param end tokens that end the answer, and are not part of it
     */
    int[] generate(int[] prompt, int most, IntPredicate end);

    /** Frees the model. */
    @Override
    void close();
}
