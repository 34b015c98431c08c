package io.memos4j.core.tasks;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and when a failed task is tried again: the pause grows by a constant factor and is drawn evenly from its
 * upper half, so that tasks which failed together do not come back together (exponential backoff with jitter).
 *
 * @param attempts how often a task is begun, at least 1
 * @param first the pause after the first failure
 * @param longest no pause is longer
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration maxPause) {
    /** Five attempts within about five minutes. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(2), Duration.ofHours(1));

    private static final int FACTOR = 4;

    /** The pause after this many failures. */
    Duration pauseAfter(int failures, RandomGenerator random) {
        double pause = firstPause.toMillis() * Math.pow(FACTOR, Math.max(0, failures - 1.0));
        double bounded = Math.min(pause, maxPause.toMillis());
        return Duration.ofMillis((long) (bounded * (0.5 + random.nextDouble() / 2)));
    }
}
