package io.memos4j.core.operator.time;

import java.time.LocalDate;
import java.time.Period;

/**
 * The days an expression means. An empty span stands for a date that does not exist, such as 30 February.
 *
 * @param from the first day
 * @param until the day after the last
 * @param cycle how often such a span comes back when the words do not say which one is meant ("Friday", "May"); zero if they do
 */
record Span(LocalDate from, LocalDate until, Precision precision, boolean relative, Period cycle) {
    static final Span NEVER = of(LocalDate.MAX, LocalDate.MAX, Precision.SPAN);

    static final Period YEARLY = Period.ofYears(1);
    static final Period WEEKLY = Period.ofWeeks(1);

    static Span of(LocalDate from, LocalDate until, Precision precision) {
        return new Span(from, until, precision, false, Period.ZERO);
    }

    static Span day(LocalDate day) {
        return of(day, day.plusDays(1), Precision.DAY);
    }

    Span relativeIf(boolean depends) {
        return new Span(from, until, precision, depends, cycle);
    }

    Span asRelative() {
        return relativeIf(true);
    }

    /** This span as the one chosen, by the reference, among those that come every so often. */
    Span every(Period often) {
        return new Span(from, until, precision, true, often);
    }

    boolean isEmpty() {
        return !from.isBefore(until);
    }

    boolean recurs() {
        return !cycle.isZero();
    }

    LocalDate lastDay() {
        return until.minusDays(1);
    }

    /**
     * From the beginning of this span to the end of another, empty if that is backwards. A recurring span is taken as the one next to
     * its partner: in "from May to July 2021" it is the May of 2021, whatever the reference.
     */
    Span to(Span other) {
        Span first = this;
        Span last = other;
        if (recurs()) {
            while (first.from.isAfter(last.from)) {
                first = first.move(-1);
            }
            while (!first.from.plus(cycle).isAfter(last.from)) {
                first = first.move(1);
            }
        } else if (other.recurs()) {
            while (last.from.isBefore(first.from)) {
                last = last.move(1);
            }
            while (!last.from.minus(other.cycle).isBefore(first.from)) {
                last = last.move(-1);
            }
        }
        boolean depends = recurs() ? other.relative : relative || (other.relative && !other.recurs());
        return of(first.from, last.until, Precision.SPAN).relativeIf(depends);
    }

    private Span move(int cycles) {
        Period by = cycle.multipliedBy(cycles);
        return new Span(from.plus(by), until.plus(by), precision, relative, cycle);
    }
}
