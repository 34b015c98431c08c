package io.memos4j.core.extraction;

import io.memos4j.api.MemoryException;
import java.time.Duration;

/**
 * The limits of one extraction.
 *
 * @param maxOutputTokens the longest answer of the model, in its tokens; 256 or more
 * @param inputChars the longest input beside the constant instructions, in UTF-16 units; 2,000 or more
 * @param proposals the most proposals accepted from one window; 1 to 500
 * @param timeout the time for one call of the model; an extraction makes at most two
 */
public record ExtractionLimits(int maxOutputTokens, int inputChars, int proposals, Duration timeout) {
    /**
     * An answer of 4,096 tokens holds 32 proposals of some 120 tokens; 24,000 characters fit every context of 16,000
     * tokens.
     */
    public static final ExtractionLimits DEFAULT = new ExtractionLimits(4_096, 24_000, 32, Duration.ofSeconds(60));

    public ExtractionLimits {
        within("maxOutputTokens", maxOutputTokens, 256, 1_000_000);
        within("inputChars", inputChars, 2_000, 10_000_000);
        within("proposals", proposals, 1, 500);
        if (!timeout.isPositive()) {
            throw MemoryException.invalid("timeout must be positive (was " + timeout + ").");
        }
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw MemoryException.invalid(name + " must be from " + least + " to " + most + " (was " + value + ").");
        }
    }
}
