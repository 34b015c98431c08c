package io.memos4j.http;

import java.time.Duration;

/**
 * Bounds on repeating a call. The pause doubles with each try.
 *
 * @param tries how often a call is sent at most, 1 for never again
 * @param firstPause before the second try
 * @param longestPause also the longest pause that a server may ask for; if it asks for more the call fails
 * @param jitter the share of a pause, 0 to 1, that chance may take away, so that callers that failed together do not
 *     come back together
 */
public record RetryPolicy(int tries, Duration firstPause, Duration longestPause, double jitter) {
    public RetryPolicy {
        if (tries < 1 || firstPause.isNegative() || longestPause.isNegative() || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException(
                    "A call is tried at least once, pauses are not negative, and jitter is 0 to 1.");
        }
    }

    /** The pause after so many tries; {@code chance} from 0 to 1 decides how much of the jitter is taken away. */
    public Duration pauseAfter(int tried, double chance) {
        double millis = Math.min(longestPause.toMillis(), firstPause.toMillis() * Math.pow(2, tried - 1));
        return Duration.ofMillis(Math.round(millis * (1 - chance * jitter)));
    }

    /** Returns this policy with pauses that do not depend on chance. */
    public RetryPolicy withoutJitter() {
        return new RetryPolicy(tries, firstPause, longestPause, 0);
    }
}
