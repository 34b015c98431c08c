package io.memos4j.core.tasks;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Retries of failed tasks with exponential backoff and jitter: the pause grows by a constant factor and is drawn evenly
 * from its upper half, so that tasks that failed together do not come back together.
 *
 * @param attempts the most attempts of a task, at least 1
 * @param firstPause the pause after the first failure
 * @param maxPause the longest pause
 */
public record TaskRetryPolicy(int attempts, Duration firstPause, Duration maxPause) {
    /** Five attempts within about five minutes. */
    public static final TaskRetryPolicy DEFAULT = new TaskRetryPolicy(5, Duration.ofSeconds(2), Duration.ofHours(1));

    private static final int FACTOR = 4;

    /** Returns the pause after so many failures. */
    Duration pauseAfter(int failures, RandomGenerator random) {
        double pause = firstPause.toMillis() * Math.pow(FACTOR, Math.max(0, failures - 1.0));
        double bounded = Math.min(pause, maxPause.toMillis());
        return Duration.ofMillis((long) (bounded * (0.5 + random.nextDouble() / 2)));
    }
}
