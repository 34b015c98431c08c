package io.memos4j.core.language.time;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** The meanings of words that stand beside an expression of time, its anchor. */
enum JoinMeaning {
    /** {@code unit side}: the week before. */
    ADJACENT_UNIT((words, anchor, now) -> {
        CalendarUnit unit = words.unit();
        return words.isPast() ? unit.before(anchor) : unit.after(anchor);
    }),

    /** {@code weekday side}: the Friday after. */
    ADJACENT_WEEKDAY((words, anchor, now) -> DateSpan.day(
            words.isPast()
                    ? anchor.from().with(TemporalAdjusters.previous(words.weekday()))
                    : anchor.lastDay().with(TemporalAdjusters.next(words.weekday())))),

    /** {@code count unit side}: two weeks after. */
    UNITS_FROM((words, anchor, now) -> words.unit().offset(start(words, anchor), words.count(), words.isPast())),

    /** {@code unit}: the week of. */
    UNIT_OF((words, anchor, now) -> words.unit().of(anchor.from())),

    /**
     * {@code nth}, and {@code weekday} or {@code unit}: the second Friday of. The first week of a month holds its first
     * day.
     */
    ORDINAL_OF((words, anchor, now) -> {
        int nth = words.ordinal();
        if (words.has("unit") && words.unit() == CalendarUnit.WEEK) {
            return CalendarUnit.WEEK.of(
                    nth < 0 ? anchor.lastDay() : anchor.from().plusWeeks(nth - 1L));
        }
        DayOfWeek weekday = words.has("unit") ? DayOfWeek.SATURDAY : words.weekday();
        LocalDate day = anchor.from().with(TemporalAdjusters.dayOfWeekInMonth(nth, weekday));
        return (words.has("unit") ? CalendarUnit.WEEKEND : CalendarUnit.DAY).of(day);
    }),

    /** {@code season} or {@code month}: the spring of. */
    PART_OF((words, anchor, now) -> words.yearly().in(anchor.from().getYear())),

    /** {@code weekday}: Friday of. */
    WEEKDAY_OF((words, anchor, now) -> DateSpan.day(anchor.from().with(TemporalAdjusters.nextOrSame(words.weekday())))),

    /** From the anchor until the reference. A time that lies ahead has not begun; it stays as it is. */
    SINCE((words, anchor, now) -> anchor.from().isAfter(now)
            ? anchor
            : DateSpan.of(anchor.from(), now.plusDays(1), TimePrecision.SPAN).asRelative());

    /** Turns the words and the days of their anchor into other days. */
    @FunctionalInterface
    private interface Resolver {
        DateSpan resolve(CapturedGroups words, DateSpan anchor, LocalDate reference);
    }

    private final Resolver resolver;

    JoinMeaning(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Resolves the words beside an anchor.
     *
     * @throws DateTimeException if there are no such days
     */
    DateSpan resolve(CapturedGroups words, DateSpan anchor, LocalDate reference) {
        DateSpan span = resolver.resolve(words, anchor, reference);
        return span.relativeIf(anchor.relative() || (this == SINCE && span.relative()));
    }

    private static LocalDate start(CapturedGroups words, DateSpan anchor) {
        return words.isPast() ? anchor.from() : anchor.lastDay();
    }
}
