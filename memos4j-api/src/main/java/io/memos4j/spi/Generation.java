package io.memos4j.spi;

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
public record Generation(int[] tokens, String text, End end, Duration timeToFirstToken) {
    /** Why a continuation ended. */
    public enum End {
        /** The model chose a token that ends the text. */
        STOP,
        /** As many tokens as asked for, or as the handle may hold. */
        LENGTH,
        /** The sink wanted no more. */
        CANCELLED
    }

    public Generation {
        tokens = tokens.clone();
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Generation that
                && Arrays.equals(tokens, that.tokens)
                && text.equals(that.text)
                && end == that.end
                && timeToFirstToken.equals(that.timeToFirstToken);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + end.hashCode();
    }
}
