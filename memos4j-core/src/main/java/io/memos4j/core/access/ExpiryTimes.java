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
            throw tooLate(time.toString());
        }
    }

    static Instant at(Instant end) {
        if (end.isAfter(TimeBounds.LATEST)) {
            throw tooLate(end.toString());
        }
        return end.truncatedTo(ChronoUnit.MILLIS);
    }

    private static MemoryException tooLate(String end) {
        return MemoryException.invalid("The end " + end + " is later than year 9999. Omit it for no end.");
    }
}
