package io.memos4j.core.language.time;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.function.BiFunction;

/** The meanings of expressions of time that stand alone, by the groups of their patterns. */
enum PhraseMeaning {
    /** {@code offset}: yesterday. */
    RELATIVE_DAY((words, now) -> CalendarUnit.DAY.of(now, words.offset()).asRelative()),

    /** {@code offset unit}, a part of it with {@code weekday}, {@code end} or {@code day}: last week, 下周五. */
    RELATIVE_UNIT((words, now) ->
            part(words, words.unit().of(now, words.offset())).asRelative()),

    /** {@code offset unit}: earlier this week, later this year. */
    PART_OF_UNIT((words, now) -> {
        DateSpan whole = words.unit().of(now);
        DateSpan part = words.offset() < 0
                ? DateSpan.of(whole.from(), now.plusDays(1), TimePrecision.SPAN)
                : DateSpan.of(now, whole.until(), TimePrecision.SPAN);
        return part.asRelative();
    }),

    /** {@code offset weekday}: last Friday. */
    RELATIVE_WEEKDAY((words, now) -> DateSpan.day(relativeWeekday(words, now)).asRelative()),

    /** {@code offset}, and {@code season} or {@code month}: next spring. */
    RELATIVE_YEARLY((words, now) -> {
        int offset = words.offset();
        YearlyPeriod yearly = words.yearly();
        return offset < 0 ? yearly.last(now) : offset > 0 ? yearly.next(now) : yearly.current(now);
    }),

    /** {@code weekday}: the Friday before last. */
    WEEKDAY_BEFORE_LAST((words, now) -> DateSpan.day(
                    now.with(TemporalAdjusters.previous(words.weekday())).minusWeeks(1))
            .asRelative()),

    /** {@code unit}: the week before last. */
    UNIT_BEFORE_LAST((words, now) -> words.unit().of(now, -2).asRelative()),

    /** {@code count unit side}, and parts of the number in other groups: two weeks ago, 1.5 years ago. */
    UNITS_AWAY((words, now) ->
            words.unit().offset(now, words.count(), words.isPast()).asRelative()),

    /** {@code offset count unit}: the past ten days. */
    ROLLING_UNITS((words, now) ->
            words.unit().rolling(now, words.count(), words.offset() < 0).asRelative()),

    /** {@code weekday}: on Friday. */
    LATEST_WEEKDAY((words, now) -> DateSpan.day(now.with(TemporalAdjusters.previousOrSame(words.weekday())))
            .every(ChronoUnit.WEEKS)),

    /** Over the weekend. */
    LATEST_WEEKEND((words, now) -> CalendarUnit.WEEKEND
            .of(now.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY)))
            .every(ChronoUnit.WEEKS)),

    /** {@code month day}: May 7th. */
    LATEST_DATE((words, now) -> YearlyPeriod.latest(MonthDay.of(words.month(), words.number("day")), now)),

    /** {@code month}: in May. */
    LATEST_MONTH((words, now) -> YearlyPeriod.month(words.month()).latest(now)),

    /**
     * {@code year} or {@code offset}, and perhaps {@code season}, {@code month}, or {@code month day}: May 7th, 2021.
     */
    IN_YEAR((words, now) -> {
        boolean relative = words.has("offset");
        int year = relative ? now.getYear() + words.offset() : words.number("year");
        return inYear(words, year).relativeIf(relative);
    }),

    /** {@code year}: the 1980s. */
    DECADE((words, now) -> {
        LocalDate first = LocalDate.of(words.number("year"), 1, 1);
        return DateSpan.of(first, first.plusYears(10), TimePrecision.SPAN);
    });

    private final BiFunction<CapturedGroups, LocalDate, DateSpan> resolver;

    PhraseMeaning(BiFunction<CapturedGroups, LocalDate, DateSpan> resolver) {
        this.resolver = resolver;
    }

    /** @throws DateTimeException if there are no such days */
    DateSpan resolve(CapturedGroups words, LocalDate reference) {
        return resolver.apply(words, reference);
    }

    private static DateSpan part(CapturedGroups words, DateSpan whole) {
        LocalDate from = whole.from();
        if (words.has("weekday")) {
            return DateSpan.day(from.with(TemporalAdjusters.nextOrSame(words.weekday())));
        }
        if (words.has("day")) {
            return DateSpan.day(LocalDate.of(from.getYear(), from.getMonth(), words.number("day")));
        }
        return words.has("end") ? CalendarUnit.WEEKEND.of(from) : whole;
    }

    private static LocalDate relativeWeekday(CapturedGroups words, LocalDate now) {
        DayOfWeek weekday = words.weekday();
        int offset = words.offset();
        if (offset == 0) {
            return CalendarUnit.WEEK.of(now).from().with(TemporalAdjusters.nextOrSame(weekday));
        }
        return now.with(offset < 0 ? TemporalAdjusters.previous(weekday) : TemporalAdjusters.next(weekday));
    }

    private static DateSpan inYear(CapturedGroups words, int year) {
        if (words.has("day")) {
            return DateSpan.day(words.dayOf(year));
        }
        return words.has("season") || words.has("month") ? words.yearly().in(year) : CalendarUnit.year(year);
    }
}
