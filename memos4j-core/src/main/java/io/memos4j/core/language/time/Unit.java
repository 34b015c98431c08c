package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.temporal.TemporalAdjusters.next;
import static java.time.temporal.TemporalAdjusters.previousOrSame;

/** A unit of the calendar, which has a first and a last day: weeks begin on Monday, months on the first. */
enum Unit {
    DAY(ChronoUnit.DAYS),
    WEEKEND(ChronoUnit.WEEKS),
    WEEK(ChronoUnit.WEEKS),
    MONTH(ChronoUnit.MONTHS),
    YEAR(ChronoUnit.YEARS);

    private final ChronoUnit step;

    Unit(ChronoUnit step) {
        this.step = step;
    }

    /** The unit that holds a day; for a weekend, that of the day's week. */
    Span of(LocalDate day) {
        return switch (this) {
            case DAY -> Span.day(day);
            case WEEKEND -> weekend(monday(day).with(SATURDAY));
            case WEEK -> Span.of(monday(day), monday(day).plusWeeks(1), Precision.WEEK);
            case MONTH -> month(day.withDayOfMonth(1));
            case YEAR -> year(day.getYear());
        };
    }

    /** The unit so many units away from the one that holds a day; negative numbers lead into the past. */
    Span of(LocalDate day, int away) {
        return of(day.plus(away, step));
    }

    /** The units so many away from a day, one of them or, if the count is vague, all it may mean. */
    Span away(LocalDate day, Count count, boolean past) {
        Span near = of(day, past ? -count.least() : count.least());
        if (count.isExact()) {
            return near;
        }
        Span far = of(day, past ? -count.most() : count.most());
        return past
                ? Span.of(far.from(), near.until(), Precision.SPAN)
                : Span.of(near.from(), far.until(), Precision.SPAN);
    }

    /** The days from so many units ago to the day itself, or from the day on. */
    Span around(LocalDate day, Count count, boolean past) {
        return past
                ? Span.of(day.minus(count.most(), step), day.plusDays(1), Precision.SPAN)
                : Span.of(day, day.plus(count.most(), step).plusDays(1), Precision.SPAN);
    }

    /** The last unit that is over when a span begins. */
    Span before(Span span) {
        return this == WEEKEND ? weekend(span.from().minusDays(2).with(previousOrSame(SATURDAY))) : of(span.from(), -1);
    }

    /** The first unit that begins when a span is over. */
    Span after(Span span) {
        return this == WEEKEND ? weekend(span.lastDay().with(next(SATURDAY))) : of(span.lastDay(), 1);
    }

    static Span year(int year) {
        return Span.of(LocalDate.of(year, 1, 1), LocalDate.of(year + 1, 1, 1), Precision.YEAR);
    }

    static Span month(LocalDate first) {
        return Span.of(first, first.plusMonths(1), Precision.MONTH);
    }

    private static Span weekend(LocalDate saturday) {
        return Span.of(saturday, saturday.plusDays(2), Precision.WEEKEND);
    }

    private static LocalDate monday(LocalDate day) {
        return day.with(previousOrSame(MONDAY));
    }
}
