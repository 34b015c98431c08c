package io.memos4j.api;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Reads time zones. Relative words such as "yesterday" are read in the zone of the message, else of the request, else
 * of the cube, else of the engine.
 */
public final class TimeZones {
    private TimeZones() {}

    /**
     * Parses a zone: a name such as {@code Europe/Berlin}, or an offset such as {@code +02:00}.
     *
     * @param what the field or option that holds it, for the error
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if there is no such zone
     */
    public static ZoneId parse(String text, String what) {
        try {
            return ZoneId.of(text.strip());
        } catch (DateTimeException e) {
            String shown = text.substring(0, Math.min(64, text.length()));
            throw MemoryException.invalid(what + " is not a time zone: '" + shown
                    + "'. Write a name like Europe/Berlin or an offset like +02:00.");
        }
    }

    /**
     * The zone that a time with an offset tells. The offset Z tells none: programs write it for any place (RFC 9557,
     * section 2).
     */
    public static Optional<ZoneId> of(OffsetDateTime time) {
        return time.getOffset().equals(ZoneOffset.UTC) ? Optional.empty() : Optional.of(time.getOffset());
    }
}
