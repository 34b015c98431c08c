package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;

/**
 * A period that comes once a year: a month, a season. Seasons are those of the northern hemisphere and have three whole
 * months.
 */
@FunctionalInterface
interface YearlyPeriod {
    /** The one that begins in a year. */
    DateSpan in(int year);

    static YearlyPeriod month(Month month) {
        return year -> CalendarUnit.month(LocalDate.of(year, month, 1));
    }

    static YearlyPeriod season(Month first) {
        return year -> {
            LocalDate from = LocalDate.of(year, first, 1);
            return DateSpan.of(from, from.plusMonths(3), TimePrecision.SEASON);
        };
    }

    /** The latest one that has begun. */
    default DateSpan latest(LocalDate reference) {
        DateSpan span = in(reference.getYear());
        return (span.from().isAfter(reference) ? in(reference.getYear() - 1) : span).every(ChronoUnit.YEARS);
    }

    /** The latest one that is over. */
    default DateSpan last(LocalDate reference) {
        int year = reference.getYear();
        while (in(year).until().isAfter(reference)) {
            year--;
        }
        return in(year).asRelative();
    }

    /** The one that runs, or else the one of the year. */
    default DateSpan current(LocalDate reference) {
        DateSpan before = in(reference.getYear() - 1);
        return (before.until().isAfter(reference) ? before : in(reference.getYear())).asRelative();
    }

    /** The first one that has not begun. */
    default DateSpan next(LocalDate reference) {
        int year = reference.getYear();
        return (in(year).from().isAfter(reference) ? in(year) : in(year + 1)).asRelative();
    }

    /** The latest day of that month and number that is not in the future. */
    static DateSpan latest(MonthDay date, LocalDate reference) {
        int year = reference.getYear();
        while (!date.isValidYear(year) || date.atYear(year).isAfter(reference)) {
            year--;
        }
        return DateSpan.day(date.atYear(year)).every(ChronoUnit.YEARS);
    }
}
