package io.memos4j.core.kvcache;

import java.time.Duration;
import java.time.Instant;

/** What is remembered of one session: how much it has asked for, and whether it was at it just now. */
final class SessionHistory {
    private int requests;
    private Instant lastAt = Instant.EPOCH;
    private double typicalPause = Double.NaN;
    private boolean resumed = true;

    void record(CacheAccess<?> use) {
        double pause = Math.max(0, Duration.between(lastAt, use.at()).toSeconds());
        if (requests > 0) {
            resumed = pause > 8 * Math.max(60, Double.isNaN(typicalPause) ? 0 : typicalPause);
            if (!resumed) {
                typicalPause = Double.isNaN(typicalPause) ? pause : typicalPause + .3 * (pause - typicalPause);
            }
        }
        lastAt = use.at();
        requests++;
    }

    int requests() {
        return requests;
    }

    /**
     * Whether this request is the first, or the first after a pause far longer than its usual ones: the session was not
     * active just before.
     */
    boolean resumed() {
        return resumed;
    }
}
