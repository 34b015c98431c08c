package io.memos4j.internal;

import java.time.Instant;

/**
 * Converts instants to milliseconds for comparisons. Those that no number of milliseconds reaches become the nearest
 * but one, so that a bound may be moved by one.
 */
public final class EpochMillis {
    private static final Instant LEAST = Instant.ofEpochMilli(Long.MIN_VALUE + 1);
    private static final Instant MOST = Instant.ofEpochMilli(Long.MAX_VALUE - 1);

    private EpochMillis() {}

    public static long of(Instant instant) {
        Instant bounded = instant.isBefore(LEAST) ? LEAST : instant.isAfter(MOST) ? MOST : instant;
        return bounded.toEpochMilli();
    }
}
