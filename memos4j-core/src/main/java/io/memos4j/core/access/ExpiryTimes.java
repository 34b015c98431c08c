package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.core.clock.TimeBounds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The ends of keys and grants: in milliseconds, within the years that can be stored. */
final class ExpiryTimes {
    private ExpiryTimes() {}

    /** Returns the end of a lifetime that begins now. */
    static Instant in(Duration time, Instant now) {
        if (time.isNegative()) {
            throw MemoryException.invalid("The lifetime " + time + " is negative. Give a duration from now.");
        }
        try {
            return at(now.plus(time));
        } catch (DateTimeException | ArithmeticException e) {
            throw outOfRange(time.toString());
        }
    }

    static Instant at(Instant end) {
        if (!TimeBounds.contains(end)) {
            throw outOfRange(end.toString());
        }
        return end.truncatedTo(ChronoUnit.MILLIS);
    }

    private static MemoryException outOfRange(String end) {
        return MemoryException.invalid("The end " + end + " is not in the years 1 to 9999. Omit it for no end.");
    }
}
