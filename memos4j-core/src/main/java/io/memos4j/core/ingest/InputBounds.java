package io.memos4j.core.ingest;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.clock.TimeBounds;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;

/** The bounds of names and times that callers give. */
final class InputBounds {
    /** The longest session, speaker, title or tag, in UTF-16 units. */
    static final int MAX_NAME = 512;

    private InputBounds() {}

    static String name(String name, String what) {
        String clean = StorableText.repair(name).strip();
        if (clean.length() > MAX_NAME) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    what + " has " + clean.length() + " characters, at most " + MAX_NAME + " are taken.");
        }
        return clean;
    }

    static Set<String> names(Set<String> names, String what) {
        Set<String> clean = new HashSet<>();
        for (String name : names) {
            clean.add(name(StorableText.requireReadable(name, what), what));
        }
        return clean;
    }

    static Instant time(Instant time, String what) {
        if (!TimeBounds.contains(time)) {
            throw MemoryException.invalid(what + " is dated " + time
                    + ". Dates from year 1 to 9999 can be remembered; check the unit of the time stamp.");
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
