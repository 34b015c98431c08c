package io.memos4j.server.facade;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Parses times in the formats that clients use: {@code 2024-05-17 09:30}, {@code 1:56 pm on 8 May, 2023},
 * {@code 2023/05/20 (Sat) 02:21}, ISO 8601, and seconds or milliseconds since 1970. The zone defaults to that of the
 * request, the time of day to midnight.
 */
public final class LenientTimeParser {
    private static final int LONGEST = 100;

    /** Seconds up to the year 5138; larger numbers are milliseconds. */
    private static final double MOST_SECONDS = 1e11;

    private static final double MOST_MILLIS = 1e14;
    private static final int NOON = 12;

    private static final String MONTHS = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
    private static final List<String> MONTH_NAMES =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final Pattern NUMBER = Pattern.compile("\\d{9,14}(\\.\\d{1,9})?");
    private static final Pattern YEAR_FIRST =
            Pattern.compile("\\b(?<year>\\d{4})(?:[-/.]|年)(?<month>\\d{1,2})(?:[-/.]|月)(?<day>\\d{1,2})(?!\\d)");
    private static final Pattern DAY_FIRST = Pattern.compile(
            "\\b(?<day>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>" + MONTHS + "),? (?<year>\\d{4})\\b");
    private static final Pattern MONTH_FIRST =
            Pattern.compile("\\b(?<month>" + MONTHS + ") (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})\\b");
    private static final Pattern CLOCK = Pattern.compile("(?<![\\d:+-])(?<hour>\\d{1,2}):(?<minute>\\d{2})"
            + "(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9})\\d*)?)?\\s*(?<half>[ap]\\.?m\\b)?"
            + "\\s*(?<zone>z\\b|utc\\b|gmt\\b|[+-]\\d{2}:?\\d{2})?");
    private static final Pattern HOUR = Pattern.compile("\\b(?<hour>\\d{1,2})\\s*(?<half>[ap]\\.?m\\b)");

    private LenientTimeParser() {}

    /**
     * Parses a time; empty if it is not one.
     *
     * @param zone of a time that names none
     */
    public static Optional<OffsetDateTime> parse(JsonNode node, ZoneId zone) {
        if (node.isNumber()) {
            return epoch(node.doubleValue());
        }
        return node.isString() ? parse(node.stringValue(), zone) : Optional.empty();
    }

    private static Optional<OffsetDateTime> parse(String text, ZoneId zone) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.length() > LONGEST) {
            return Optional.empty();
        }
        if (NUMBER.matcher(plain).matches()) {
            return epoch(Double.parseDouble(plain));
        }
        try {
            return date(replaceIsoSeparator(plain)).map(date -> at(date, replaceIsoSeparator(plain), zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Replaces the T between the date and time of ISO 8601 with a space. */
    private static String replaceIsoSeparator(String text) {
        return text.replaceAll("(?<=\\d)t(?=\\d)", " ");
    }

    private static Optional<OffsetDateTime> epoch(double number) {
        if (!(number >= 0) || number >= MOST_MILLIS) {
            return Optional.empty();
        }
        double millis = number < MOST_SECONDS ? number * 1_000 : number;
        return Optional.of(Instant.ofEpochMilli(Math.round(millis)).atOffset(ZoneOffset.UTC));
    }

    private static Optional<LocalDate> date(String text) {
        return Stream.of(YEAR_FIRST, DAY_FIRST, MONTH_FIRST)
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .findFirst()
                .map(found -> LocalDate.of(
                        Integer.parseInt(found.group("year")),
                        month(found.group("month")),
                        Integer.parseInt(found.group("day"))));
    }

    private static int month(String text) {
        return Character.isDigit(text.charAt(0))
                ? Integer.parseInt(text)
                : MONTH_NAMES.indexOf(text.substring(0, 3)) + 1;
    }

    private static OffsetDateTime at(LocalDate date, String text, ZoneId otherwise) {
        Matcher clock = CLOCK.matcher(text);
        if (clock.find()) {
            LocalTime time = LocalTime.of(
                    hour(clock.group("hour"), clock.group("half")),
                    Integer.parseInt(clock.group("minute")),
                    number(clock.group("second")),
                    nanos(clock.group("fraction")));
            return date.atTime(time)
                    .atZone(zone(clock.group("zone"), otherwise))
                    .toOffsetDateTime();
        }
        Matcher hour = HOUR.matcher(text);
        int full = hour.find() ? hour(hour.group("hour"), hour.group("half")) : 0;
        return date.atTime(full, 0).atZone(otherwise).toOffsetDateTime();
    }

    private static int hour(String text, @Nullable String half) {
        int hour = Integer.parseInt(text);
        if (half == null) {
            return hour;
        }
        return hour % NOON + (half.startsWith("p") ? NOON : 0);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt((digits + "000000000").substring(0, 9));
    }

    private static ZoneId zone(@Nullable String text, ZoneId otherwise) {
        if (text == null) {
            return otherwise;
        }
        return Character.isLetter(text.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(withColon(text));
    }

    private static String withColon(String offset) {
        return offset.contains(":") ? offset : offset.substring(0, 3) + ":" + offset.substring(3);
    }
}
