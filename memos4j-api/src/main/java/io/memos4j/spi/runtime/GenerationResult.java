package io.memos4j.spi.runtime;

import java.time.Duration;
import java.util.Arrays;

/**
 * A continuation.
 *
 * @param tokens in order, without the one that ended it
 * @param text of the tokens together
 * @param end why it ended
 * @param timeToFirstToken from the call to the first token, zero if there was none
 */
public record GenerationResult(int[] tokens, String text, FinishReason finishReason, Duration timeToFirstToken) {
    /** Why a continuation ended. */
    public enum FinishReason {
        /** The model chose a token that ends the text. */
        STOP,
        /** As many tokens as asked for, or as the handle may hold. */
        LENGTH,
        /** The sink wanted no more. */
        CANCELLED
    }

    public GenerationResult {
        tokens = tokens.clone();
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationResult that
                && Arrays.equals(tokens, that.tokens)
                && text.equals(that.text)
                && finishReason == that.finishReason
                && timeToFirstToken.equals(that.timeToFirstToken);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + finishReason.hashCode();
    }
}
