package io.memos4j.core.clock;

import java.time.Instant;

/** The earliest and the latest instant that can be recorded, in milliseconds. */
public final class TimeBounds {
    public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private TimeBounds() {}
}
