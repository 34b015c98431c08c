package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.temporal.TemporalAdjusters.next;
import static java.time.temporal.TemporalAdjusters.previousOrSame;

/** A unit of the calendar, which has a first and a last day: weeks begin on Monday, months on the first. */
enum CalendarUnit {
    DAY(ChronoUnit.DAYS),
    WEEKEND(ChronoUnit.WEEKS),
    WEEK(ChronoUnit.WEEKS),
    MONTH(ChronoUnit.MONTHS),
    YEAR(ChronoUnit.YEARS);

    private static final UnitCount HALF_YEAR = UnitCount.exactly(6);
    private static final int HALF_MONTH = 15;

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
        };
    }

    /** The unit so many units away from the one that holds a day; negative numbers lead into the past. */
    DateSpan of(LocalDate day, int away) {
        return of(day.plus(away, step));
    }

    /** The units so many away from a day, one of them or, if the count is vague, all it may mean. */
    DateSpan offset(LocalDate day, UnitCount count, boolean past) {
        DateSpan near = of(day, past ? -count.min() : count.min());
        if (count.isExact()) {
            return near;
        }
        DateSpan far = of(day, past ? -count.max() : count.max());
        return past
                ? DateSpan.of(far.from(), near.until(), TimePrecision.SPAN)
                : DateSpan.of(near.from(), far.until(), TimePrecision.SPAN);
    }

    /** The days from so many units ago to the day itself, or from the day on. */
    DateSpan rolling(LocalDate day, UnitCount count, boolean past) {
        return past
                ? DateSpan.of(day.minus(count.max(), step), day.plusDays(1), TimePrecision.SPAN)
                : DateSpan.of(day, day.plus(count.max(), step).plusDays(1), TimePrecision.SPAN);
    }

    /**
     * Half a unit away from a day: six months, or the week that is fifteen days away; half of the rest means nothing.
     */
    DateSpan halfAway(LocalDate day, boolean past) {
        return switch (this) {
            case YEAR -> MONTH.offset(day, HALF_YEAR, past);
            case MONTH -> WEEK.of(day.plusDays(past ? -HALF_MONTH : HALF_MONTH));
            case DAY, WEEK, WEEKEND -> DateSpan.empty();
        };
    }

    /** The days from half a unit ago to the day itself, or from the day on. */
    DateSpan halfAround(LocalDate day, boolean past) {
        return switch (this) {
            case YEAR -> MONTH.rolling(day, HALF_YEAR, past);
            case MONTH -> DAY.rolling(day, UnitCount.exactly(HALF_MONTH), past);
            case DAY, WEEK, WEEKEND -> DateSpan.empty();
        };
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
