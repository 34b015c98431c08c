package io.memos4j.cli.output;

import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats durations: a number and one of s, m, h, d; also ISO-8601. */
public final class DurationFormat {
    private static final Pattern PLAIN = Pattern.compile("(\\d{1,9})\\s*([smhd])");

    private DurationFormat() {}

    public static Duration parse(String text) {
        Matcher plain = PLAIN.matcher(text.strip());
        if (plain.matches()) {
            long number = Long.parseLong(plain.group(1));
            return switch (plain.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
        try {
            return Duration.parse(text.strip());
        } catch (DateTimeParseException e) {
            throw MemoryException.invalid("'" + text + "' is not a duration. Write 30d, 12h, 90m, 45s or PT1H30M.");
        }
    }

    public static String format(Duration duration) {
        if (duration.isPositive() && duration.toMillis() % 1_000 == 0) {
            long seconds = duration.toSeconds();
            if (seconds % 86_400 == 0) {
                return seconds / 86_400 + "d";
            }
            if (seconds % 3_600 == 0) {
                return seconds / 3_600 + "h";
            }
            return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }
        return duration.toString();
    }

    /** Formats a measured time: 12.3 ms, 4.56 s. */
    public static String formatMeasured(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis < 1_000
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
    }
}
