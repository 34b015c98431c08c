package io.memos4j.core.language.time;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * The days an expression means. An empty span stands for a date that does not exist, such as 30 February.
 *
 * @param from the first day
 * @param until the day after the last
 * @param cycle the interval at which the span recurs if the words do not say which one is meant ("Friday", "May");
 *     forever if they do
 */
record DateSpan(LocalDate from, LocalDate until, TimePrecision precision, boolean relative, ChronoUnit cycle) {
    private static final int FIRST_YEAR = 1_000;
    private static final int LAST_YEAR = 9_999;
    private static final DateSpan NEVER = of(LocalDate.MAX, LocalDate.MAX, TimePrecision.SPAN);

    static DateSpan of(LocalDate from, LocalDate until, TimePrecision precision) {
        return new DateSpan(from, until, precision, false, ChronoUnit.FOREVER);
    }

    static DateSpan day(LocalDate day) {
        return of(day, day.plusDays(1), TimePrecision.DAY);
    }

    static DateSpan empty() {
        return NEVER;
    }

    /**
     * The span that a calculation yields, empty if it meets a date that does not exist, or one before the year 1000 or
     * after 9999: "2,500 years ago" is no date.
     */
    static DateSpan orEmpty(Supplier<DateSpan> calculation) {
        try {
            DateSpan span = calculation.get();
            return span.from.getYear() >= FIRST_YEAR && span.until.getYear() <= LAST_YEAR + 1 ? span : NEVER;
        } catch (DateTimeException | ArithmeticException noSuchDate) {
            return NEVER;
        }
    }

    DateSpan relativeIf(boolean depends) {
        return new DateSpan(from, until, precision, depends, cycle);
    }

    DateSpan asRelative() {
        return relativeIf(true);
    }

    /** This span as the one chosen, by the reference, among those that come once in a cycle. */
    DateSpan every(ChronoUnit often) {
        return new DateSpan(from, until, precision, true, often);
    }

    boolean isEmpty() {
        return !from.isBefore(until);
    }

    LocalDate lastDay() {
        return until.minusDays(1);
    }

    /**
     * From the beginning of this span to the end of another, empty if that is backwards. A recurring span is taken as
     * the one next to its partner: in "from May to July 2021" it is the May of 2021, whatever the reference.
     */
    DateSpan to(DateSpan other) {
        DateSpan first = recurs() ? latest(other.from) : this;
        DateSpan last = other.recurs() && !recurs() ? other.earliest(from) : other;
        boolean depends = (relative && !recurs()) || (other.relative && (recurs() || !other.recurs()));
        return of(first.from, last.until, TimePrecision.SPAN).relativeIf(depends);
    }

    private boolean recurs() {
        return cycle != ChronoUnit.FOREVER;
    }

    /** The last recurrence that does not begin after a day. */
    private DateSpan latest(LocalDate day) {
        long cycles = cycle.between(from, day);
        return move(from.plus(cycles, cycle).isAfter(day) ? cycles - 1 : cycles);
    }

    /** The first recurrence that does not begin before a day. */
    private DateSpan earliest(LocalDate day) {
        long cycles = cycle.between(from, day);
        return move(from.plus(cycles, cycle).isBefore(day) ? cycles + 1 : cycles);
    }

    private DateSpan move(long cycles) {
        return new DateSpan(from.plus(cycles, cycle), until.plus(cycles, cycle), precision, relative, cycle);
    }
}
