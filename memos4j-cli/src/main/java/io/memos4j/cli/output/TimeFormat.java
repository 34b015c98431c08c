package io.memos4j.cli.output;

import io.memos4j.api.MemoryException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;

/** Parses and formats times: ISO-8601, in the time zone of this machine unless one is given. */
public final class TimeFormat {
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private TimeFormat() {}

    public static Instant parse(String text) {
        return parseWithOffset(text).toInstant();
    }

    /** Parses a time with its offset, that of this machine if it has none. */
    public static OffsetDateTime parseWithOffset(String text) {
        List<Function<String, OffsetDateTime>> forms = List.of(
                OffsetDateTime::parse,
                form -> LocalDateTime.parse(form).atZone(ZoneId.systemDefault()).toOffsetDateTime(),
                form -> LocalDate.parse(form)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toOffsetDateTime());
        for (Function<String, OffsetDateTime> form : forms) {
            try {
                return form.apply(text);
            } catch (DateTimeParseException e) {
                // The next form may fit.
            }
        }
        throw MemoryException.invalid(
                "'" + text + "' is not a time. Write 2025-03-01, 2025-03-01T18:30 or 2025-03-01T18:30:00Z.");
    }

    /** Parses a time, or a duration from now. */
    public static Instant parseOrFromNow(String text) {
        return text.strip().matches("\\d+\\s*[smhd]|P.*")
                ? Instant.now().plus(DurationFormat.parse(text))
                : parse(text);
    }

    public static String format(Instant instant) {
        return SHOWN.format(instant.atZone(ZoneId.systemDefault()));
    }
}
