package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.core.clock.TimeBounds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When keys and grants end: milliseconds, within the years that can be stored. */
final class ExpiryTimes {
    private ExpiryTimes() {}

    /** This long from now. */
    static Instant in(Duration time, Instant now) {
        if (time.isNegative()) {
            throw MemoryException.invalid("The time " + time + " is negative. Give how long from now.");
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
        return MemoryException.invalid("The end " + end + " is later than year 9999. Leave it out for no end.");
    }
}
