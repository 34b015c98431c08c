package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.NumeralParser;
import io.memos4j.core.language.WordTable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The groups that a time pattern captured, read with the tables of its language. */
record CapturedGroups(MatchResult match, LanguagePack pack) {
    private static final Pattern NO_DIGIT = Pattern.compile("[^0-9]+");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0]+");

    /** The captured words in lower case with single blanks; empty if there are none. */
    String get(String name) {
        String words = has(name) ? match.group(name) : "";
        return BLANKS.matcher(words.toLowerCase(Locale.ROOT)).replaceAll(" ");
    }

    boolean has(String name) {
        return match.namedGroups().containsKey(name) && match.start(name) >= 0;
    }

    /** A number in digits or in the numerals of the language. */
    int number(String name) {
        String number = get(name);
        return Character.isDigit(number.charAt(0))
                ? Integer.parseInt(number)
                : (int) NumeralParser.parse(number, pack.table(WordTable.NUMERALS));
    }

    /** The number of units away; negative ones are past. */
    int offset() {
        return value(WordTable.OFFSETS, "offset");
    }

    /** Returns whether {@code side} leads back. */
    boolean isPast() {
        return value(WordTable.DIRECTIONS, "side") < 0;
    }

    /** The position in a month; -1 is the last. */
    int ordinal() {
        return value(WordTable.ORDINALS, "nth");
    }

    DayOfWeek weekday() {
        return DayOfWeek.of(value(WordTable.WEEKDAYS, "weekday"));
    }

    CalendarUnit unit() {
        return CalendarUnit.valueOf(text(WordTable.UNITS, "unit").toUpperCase(Locale.ROOT));
    }

    /** A month by its name or its number. */
    Month month() {
        String month = pack.table(WordTable.MONTHS).get(get("month"));
        return Month.of(month == null ? number("month") : Integer.parseInt(month));
    }

    YearlyPeriod season() {
        return YearlyPeriod.season(Month.of(value(WordTable.SEASONS, "season")));
    }

    /** The season or the month. */
    YearlyPeriod yearly() {
        return has("season") ? season() : YearlyPeriod.month(month());
    }

    LocalDate dayOf(int year) {
        return LocalDate.of(year, month(), number("day"));
    }

    /**
     * The count: {@code count} in digits or words, {@code decimals} behind it, {@code half} of a unit more, and
     * {@code most} if it is the upper end of a range. One if there is none of these.
     *
     * @throws DateTimeException if it is no number
     */
    UnitCount count() {
        BigDecimal half = has("half") ? new BigDecimal(text(WordTable.FRACTIONS, "half")) : BigDecimal.ZERO;
        if (!has("count")) {
            return UnitCount.exactly(has("half") ? half : BigDecimal.ONE);
        }
        String[] range =
                pack.table(WordTable.COUNTS).getOrDefault(get("count"), "").split("-", 2);
        if (range.length == 2) {
            return new UnitCount(new BigDecimal(range[0]), new BigDecimal(range[1]));
        }
        BigDecimal number = amount("count").add(half);
        if (has("decimals")) {
            number = number.add(new BigDecimal("0." + get("decimals")));
        }
        BigDecimal most = has("most") ? amount("most") : number;
        return new UnitCount(number.min(most), number.max(most));
    }

    /** A number in digits, whatever separates their groups, or in words. */
    private BigDecimal amount(String group) {
        String number = get(group);
        if (Character.isDigit(number.charAt(0))) {
            return new BigDecimal(NO_DIGIT.matcher(number).replaceAll(""));
        }
        return pack.isSpaced() ? NumberWords.parse(number, pack) : BigDecimal.valueOf(number(group));
    }

    private int value(WordTable table, String group) {
        return Integer.parseInt(text(table, group));
    }

    private String text(WordTable table, String group) {
        Map<String, String> words = pack.table(table);
        String value = words.get(get(group));
        if (value == null) {
            throw new DateTimeException(
                    "'" + get(group) + "' is not in table " + table + " of language " + pack.code());
        }
        return value;
    }
}
