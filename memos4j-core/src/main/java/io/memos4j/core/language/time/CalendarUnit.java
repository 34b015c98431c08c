package io.memos4j.core.language.time;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.temporal.TemporalAdjusters.next;
import static java.time.temporal.TemporalAdjusters.previousOrSame;

/**
 * A unit of the calendar, which has a first and a last day: weeks begin on Monday, months on the first, the nineties in
 * 1990.
 */
enum CalendarUnit {
    DAY(ChronoUnit.DAYS),
    WEEKEND(ChronoUnit.WEEKS),
    WEEK(ChronoUnit.WEEKS),
    MONTH(ChronoUnit.MONTHS),
    YEAR(ChronoUnit.YEARS),
    DECADE(ChronoUnit.DECADES),
    CENTURY(ChronoUnit.CENTURIES);

    private static final BigDecimal TEN = BigDecimal.TEN;
    private static final BigDecimal MONTHS = BigDecimal.valueOf(12);
    private static final BigDecimal DAYS_OF_A_WEEK = BigDecimal.valueOf(7);
    private static final BigDecimal DAYS_OF_A_MONTH = BigDecimal.valueOf(30);

    private final ChronoUnit step;

    CalendarUnit(ChronoUnit step) {
        this.step = step;
    }

    /** The unit that holds a day; for a weekend, that of the day's week. */
    DateSpan of(LocalDate day) {
        return switch (this) {
            case DAY -> DateSpan.day(day);
            case WEEKEND -> weekend(monday(day).with(SATURDAY));
            case WEEK -> DateSpan.of(monday(day), monday(day).plusWeeks(1), TimePrecision.WEEK);
            case MONTH -> month(day.withDayOfMonth(1));
            case YEAR -> year(day.getYear());
            case DECADE -> years(day.getYear(), 10);
            case CENTURY -> years(day.getYear(), 100);
        };
    }

    /** The unit so many units away from the one that holds a day; negative numbers lead into the past. */
    DateSpan of(LocalDate day, long away) {
        return of(day.plus(away, step));
    }

    /** The units so many away from a day, one of them or, if the count is vague, all it may mean. */
    DateSpan offset(LocalDate day, UnitCount count, boolean past) {
        DateSpan near = away(day, signed(count.min(), past));
        if (count.isExact() || near.isEmpty()) {
            return near;
        }
        DateSpan far = away(day, signed(count.max(), past));
        return past
                ? DateSpan.of(far.from(), near.until(), TimePrecision.SPAN)
                : DateSpan.of(near.from(), far.until(), TimePrecision.SPAN);
    }

    /** The days from so many units ago to the day itself, or from the day on. */
    DateSpan rolling(LocalDate day, UnitCount count, boolean past) {
        LocalDate end = shift(day, signed(count.max(), past));
        if (end.equals(day)) {
            return DateSpan.empty();
        }
        return past
                ? DateSpan.of(end, day.plusDays(1), TimePrecision.SPAN)
                : DateSpan.of(day, end.plusDays(1), TimePrecision.SPAN);
    }

    private static BigDecimal signed(BigDecimal count, boolean past) {
        return past ? count.negate() : count;
    }

    /**
     * The unit so many units away. Where the number is not whole, the next smaller unit: 1.5 years ago is a month, 3.5
     * weeks ago a week; of days, the two between which it lies; less than a day means nothing.
     */
    private DateSpan away(LocalDate day, BigDecimal number) {
        if (isWhole(number)) {
            return of(day, number.longValueExact());
        }
        return switch (this) {
            case CENTURY -> DECADE.away(day, number.multiply(TEN));
            case DECADE -> YEAR.away(day, number.multiply(TEN));
            case YEAR -> MONTH.around(day, number.multiply(MONTHS));
            case MONTH, WEEK -> WEEK.of(shift(day, number));
            case DAY -> number.abs().compareTo(BigDecimal.ONE) < 0 ? DateSpan.empty() : around(day, number);
            case WEEKEND -> DateSpan.empty();
        };
    }

    /** The units between which a number of units lies, one if it is whole. */
    private DateSpan around(LocalDate day, BigDecimal number) {
        DateSpan first = of(day, number.setScale(0, RoundingMode.FLOOR).longValueExact());
        DateSpan last = of(day, number.setScale(0, RoundingMode.CEILING).longValueExact());
        return first.equals(last) ? first : DateSpan.of(first.from(), last.until(), TimePrecision.SPAN);
    }

    /** The day so many units away; a part of a month counts thirty days. */
    private LocalDate shift(LocalDate day, BigDecimal number) {
        if (isWhole(number)) {
            return day.plus(number.longValueExact(), step);
        }
        return switch (this) {
            case CENTURY -> DECADE.shift(day, number.multiply(TEN));
            case DECADE -> YEAR.shift(day, number.multiply(TEN));
            case YEAR -> MONTH.shift(day, number.multiply(MONTHS));
            case MONTH -> {
                BigDecimal rest = number.remainder(BigDecimal.ONE);
                yield day.plusMonths(number.longValue()).plusDays(rounded(rest.multiply(DAYS_OF_A_MONTH)));
            }
            case WEEK -> day.plusDays(rounded(number.multiply(DAYS_OF_A_WEEK)));
            case DAY, WEEKEND -> day.plus(number.longValue(), step);
        };
    }

    private static boolean isWhole(BigDecimal number) {
        return number.remainder(BigDecimal.ONE).signum() == 0;
    }

    private static long rounded(BigDecimal number) {
        return number.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /** The last unit that is over when a span begins. */
    DateSpan before(DateSpan span) {
        return this == WEEKEND ? weekend(span.from().minusDays(2).with(previousOrSame(SATURDAY))) : of(span.from(), -1);
    }

    /** The first unit that begins when a span is over. */
    DateSpan after(DateSpan span) {
        return this == WEEKEND ? weekend(span.lastDay().with(next(SATURDAY))) : of(span.lastDay(), 1);
    }

    static DateSpan year(int year) {
        return DateSpan.of(LocalDate.of(year, 1, 1), LocalDate.of(year + 1, 1, 1), TimePrecision.YEAR);
    }

    private static DateSpan years(int year, int count) {
        LocalDate first = LocalDate.of(Math.floorDiv(year, count) * count, 1, 1);
        return DateSpan.of(first, first.plusYears(count), TimePrecision.SPAN);
    }

    static DateSpan month(LocalDate first) {
        return DateSpan.of(first, first.plusMonths(1), TimePrecision.MONTH);
    }

    private static DateSpan weekend(LocalDate saturday) {
        return DateSpan.of(saturday, saturday.plusDays(2), TimePrecision.WEEKEND);
    }

    private static LocalDate monday(LocalDate day) {
        return day.with(previousOrSame(MONDAY));
    }
}
