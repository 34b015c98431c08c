package io.memos4j.core.kvcache;

import java.time.Duration;
import java.time.Instant;

/** The request history of one session. */
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
     * Returns whether the session was idle before this request: it is the first, or follows a pause far longer than
     * usual.
     */
    boolean resumed() {
        return resumed;
    }
}
