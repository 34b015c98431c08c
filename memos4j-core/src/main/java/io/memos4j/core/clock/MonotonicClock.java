package io.memos4j.core.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of recording: another clock in milliseconds that never goes back, so that what was recorded later is never
 * dated earlier. Thread-safe.
 *
 * <p>Where the other clock was set back, time stands still until it has caught up.
 */
public final class MonotonicClock implements InstantSource {
    private final InstantSource clock;
    private final AtomicLong last;

    /** @param earliest no instant before it is given */
    public MonotonicClock(InstantSource clock, Instant earliest) {
        this.clock = clock;
        this.last = new AtomicLong(earliest.toEpochMilli());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(last.accumulateAndGet(clock.millis(), Math::max));
    }

    /** An instant of its own: later than every one given before, earlier than every one given after. */
    public Instant uniqueInstant() {
        long now = clock.millis();
        return Instant.ofEpochMilli(last.updateAndGet(before -> Math.max(now, before + 1) + 1) - 1);
    }
}
