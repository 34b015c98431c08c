package io.memos4j.core.clock;

import java.time.Duration;
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
    /** The farthest that a date may lie after the present; a later one comes from a clock that was wrong. */
    public static final Duration TOLERANCE = Duration.ofMinutes(1);

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

    /**
     * Returns the time of the underlying clock, in milliseconds, which may go back. Due times, leases, the ends of keys
     * and of lifetimes, and what happens in the world follow this clock: were the underlying one wrong for a while,
     * recorded times stand still for as long, and nothing else may.
     */
    public Instant present() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** Returns whether recorded times are further ahead of the underlying clock than by its usual corrections. */
    public boolean isFarAhead() {
        return present().plus(TOLERANCE).isBefore(Instant.ofEpochMilli(last.get()));
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
