package io.memos4j.spi.models;

import io.memos4j.spi.runtime.GenerationResult;
import java.time.Duration;

/**
 * Answer of a chat model. Counts are the provider's own, 0 where it does not say.
 *
 * @param text the answer
 * @param finishReason why it ended
 * @param promptTokens of the whole prompt, cached ones included
 * @param cachedTokens of these, how many came from the provider's cache
 * @param outputTokens of the answer
 * @param timeToFirstToken from the call to the first piece of text
 */
public record ChatAnswer(
        String text,
        GenerationResult.FinishReason finishReason,
        int promptTokens,
        int cachedTokens,
        int outputTokens,
        Duration timeToFirstToken) {}
