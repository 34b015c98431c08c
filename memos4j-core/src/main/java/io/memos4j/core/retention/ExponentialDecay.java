package io.memos4j.core.retention;

import java.time.Duration;
import java.time.Instant;

/** Exponential decay by half-lives, for heat and rates. A clock that goes backwards changes nothing. */
final class ExponentialDecay {
    private ExponentialDecay() {}

    /** The remainder of a value from an instant. */
    static double decay(double value, Instant since, Instant now, double halfLifeMillis) {
        double elapsed = Math.max(0, Duration.between(since, now).toMillis());
        return value * Math.pow(2, -elapsed / halfLifeMillis);
    }

    /** The later of two instants. */
    static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
