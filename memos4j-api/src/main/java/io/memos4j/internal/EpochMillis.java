package io.memos4j.internal;

import java.time.Instant;

/** Converts instants to milliseconds for comparisons: those that no number of milliseconds reaches become the nearest. */
public final class EpochMillis {
    private static final Instant LEAST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant MOST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private EpochMillis() {}

    public static long of(Instant instant) {
        return instant.isBefore(LEAST)
                ? Long.MIN_VALUE
                : instant.isAfter(MOST) ? Long.MAX_VALUE : instant.toEpochMilli();
    }
}
