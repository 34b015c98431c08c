package io.memos4j.core.kvcache;

import java.time.Duration;

/**
 * The speed at which a model computes prompts, as a moving average in which the last measurement counts a tenth.
 * Thread-safe.
 */
final class PrefillRate {
    private static final double NEWEST_WEIGHT = 0.1;

    /** Shorter computations are dominated by the overhead of a call. */
    private static final int MIN_TOKENS = 32;

    private double secondsPerToken;

    synchronized void record(int tokens, Duration took) {
        if (tokens >= MIN_TOKENS) {
            double now = took.toNanos() / 1e9 / tokens;
            secondsPerToken = secondsPerToken == 0 ? now : (1 - NEWEST_WEIGHT) * secondsPerToken + NEWEST_WEIGHT * now;
        }
    }

    /** Estimates the time for so many tokens; zero before the first measurement. */
    synchronized Duration estimate(double tokens) {
        return Duration.ofNanos((long) (secondsPerToken * tokens * 1e9));
    }
}
