package io.memos4j.core.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock in milliseconds that never goes back: it dates recordings, so that a later one never has an earlier date.
 * Thread-safe.
 *
 * <p>If the underlying clock is set back, time stands still until it has caught up.
 */
public final class MonotonicClock implements InstantSource {
    private final InstantSource clock;
    private final AtomicLong last;

    /**
     * @param clock the underlying clock
     * @param earliest the first instant
     */
    public MonotonicClock(InstantSource clock, Instant earliest) {
        this.clock = clock;
        this.last = new AtomicLong(earliest.toEpochMilli());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(last.accumulateAndGet(clock.millis(), Math::max));
    }

    /** A unique instant: later than every one before and earlier than every one after it. */
    public Instant uniqueInstant() {
        long now = clock.millis();
        return Instant.ofEpochMilli(last.updateAndGet(before -> Math.max(now, before + 1) + 1) - 1);
    }
}
