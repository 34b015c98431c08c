package io.memos4j.core.kvcache;

import java.time.Duration;

/** How fast a model computes prompts: an average that gives the last measurement a tenth of the weight. Thread-safe. */
final class PrefillRate {
    private static final double NEWEST = 0.1;

    /** Fewer tokens say little: what is there to do once a call weighs too much. */
    private static final int FEWEST = 32;

    private double secondsPerToken;

    synchronized void record(int tokens, Duration took) {
        if (tokens >= FEWEST) {
            double now = took.toNanos() / 1e9 / tokens;
            secondsPerToken = secondsPerToken == 0 ? now : (1 - NEWEST) * secondsPerToken + NEWEST * now;
        }
    }

    /** What so many tokens take; zero if nothing was measured yet. */
    synchronized Duration estimate(double tokens) {
        return Duration.ofNanos((long) (secondsPerToken * tokens * 1e9));
    }
}
