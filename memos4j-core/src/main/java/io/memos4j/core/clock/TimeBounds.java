package io.memos4j.core.clock;

import java.time.Instant;

/** The earliest and the latest instant that can be recorded, in milliseconds. */
public final class TimeBounds {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private TimeBounds() {}

    /** Returns whether an instant can be recorded. */
    public static boolean contains(Instant instant) {
        return !instant.isBefore(EARLIEST) && !instant.isAfter(LATEST);
    }
}
