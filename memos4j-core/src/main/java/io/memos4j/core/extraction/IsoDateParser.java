package io.memos4j.core.extraction;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * Parses the ISO dates of an answer. A date without a time means its first moment, or as the end of a period the first
 * moment after it: "until 2025-03-10" includes that day.
 */
final class IsoDateParser {
    private static final Pattern YEAR = Pattern.compile("\\d{4}");
    private static final Pattern MONTH = Pattern.compile("\\d{4}-\\d{2}");
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern ZONED = Pattern.compile(".*(?:Z|[+-]\\d{2}:?\\d{2})", Pattern.CASE_INSENSITIVE);
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final ZoneId zone;

    IsoDateParser(ZoneId zone) {
        this.zone = zone;
    }

    /** @throws DateTimeException if there is no such time */
    Instant parseStart(String text) {
        return read(text, false);
    }

    /** @throws DateTimeException if there is no such time */
    Instant parseEnd(String text) {
        return read(text, true);
    }

    private Instant read(String text, boolean after) {
        String date = text.strip();
        Instant instant = instant(date, after ? 1 : 0);
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new DateTimeException("the year must be from 1 to 9999");
        }
        return instant;
    }

    private Instant instant(String date, int more) {
        if (DAY.matcher(date).matches()) {
            return start(LocalDate.parse(date).plusDays(more));
        }
        if (MONTH.matcher(date).matches()) {
            return start(YearMonth.parse(date).plusMonths(more).atDay(1));
        }
        if (YEAR.matcher(date).matches()) {
            return start(Year.parse(date).plusYears(more).atDay(1));
        }
        String iso = date.replace(' ', 'T');
        return ZONED.matcher(iso).matches() && iso.indexOf('T') > 0
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).atZone(zone).toInstant();
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
