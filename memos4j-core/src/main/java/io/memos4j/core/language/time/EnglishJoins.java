package io.memos4j.core.language.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static io.memos4j.core.language.time.EnglishTime.COUNT;
import static io.memos4j.core.language.time.EnglishTime.MONTH;
import static io.memos4j.core.language.time.EnglishTime.SEASON;
import static io.memos4j.core.language.time.EnglishTime.UNIT;
import static io.memos4j.core.language.time.EnglishTime.WEEKDAY;

/** English expressions of time that lean on another one, and ranges between two. */
final class EnglishJoins {
    private static final Set<Precision> ANY = EnumSet.allOf(Precision.class);
    private static final String SIDE = "(?<side>before|preceding|prior to|after|following) (?:the )?";

    static final List<Join> JOINS = List.of(
            Join.before(ANY, "\\b(?:the )?" + UNIT + " " + SIDE, EnglishJoins::nextUnit),
            Join.before(ANY, "\\b(?:the )?" + WEEKDAY + " " + SIDE, EnglishJoins::nextWeekday),
            Join.before(ANY, "\\b" + COUNT + " " + UNIT + "s? " + SIDE, EnglishJoins::counted),
            Join.before(
                    EnumSet.of(Precision.DAY),
                    "\\b(?:the )?(?<unit>week|weekend) of (?:the )?",
                    (words, day, now) -> EnglishTime.unit(words).of(day.from()).relativeIf(day.relative())),
            Join.before(
                    EnumSet.of(Precision.MONTH),
                    "\\b(?:the )?(?<nth>first|second|third|fourth|last) (?:" + WEEKDAY
                            + "|(?<unit>weekend|week)) (?:of|in) ",
                    EnglishJoins::ordinal),
            Join.before(
                    EnumSet.of(Precision.YEAR),
                    "\\b(?:the )?(?:" + SEASON + "|(?!(?-i:may|march) (?!of))" + MONTH + ") (?:of |in )?",
                    EnglishJoins::partOfYear),
            Join.before(
                    EnumSet.of(Precision.WEEK),
                    "\\b" + WEEKDAY + " (?:of )?",
                    (words, week, now) -> Span.day(
                                    week.from().with(TemporalAdjusters.nextOrSame(EnglishTime.weekday(words))))
                            .relativeIf(week.relative())));

    /** From a time until the reference. What lies ahead has not begun; it stays as it is. */
    static final List<Join> OPEN_RANGES =
            List.of(Join.before(ANY, "\\b(?:ever )?since (?:the )?", (words, start, now) -> since(start, now)));

    static final List<Range> RANGES = List.of(
            Range.of("\\bbetween (?:the )?", " and (?:the )?"),
            Range.of("\\bfrom (?:the )?", " (?:to|until|till|through) (?:the )?"));

    private EnglishJoins() {}

    static Span since(Span start, LocalDate now) {
        return start.from().isAfter(now)
                ? start
                : Span.of(start.from(), now.plusDays(1), Precision.SPAN).asRelative();
    }

    private static boolean isBefore(Words words) {
        return words.get("side").startsWith("before") || words.get("side").startsWith("pr");
    }

    private static Span nextUnit(Words words, Span anchor, LocalDate now) {
        Unit unit = EnglishTime.unit(words);
        return (isBefore(words) ? unit.before(anchor) : unit.after(anchor)).relativeIf(anchor.relative());
    }

    private static Span nextWeekday(Words words, Span anchor, LocalDate now) {
        DayOfWeek weekday = EnglishTime.weekday(words);
        LocalDate day = isBefore(words)
                ? anchor.from().with(TemporalAdjusters.previous(weekday))
                : anchor.lastDay().with(TemporalAdjusters.next(weekday));
        return Span.day(day).relativeIf(anchor.relative());
    }

    private static Span counted(Words words, Span anchor, LocalDate now) {
        boolean past = isBefore(words);
        return EnglishTime.unit(words)
                .away(past ? anchor.from() : anchor.lastDay(), EnglishTime.count(words), past)
                .relativeIf(anchor.relative());
    }

    /** The second Friday, weekend or week of a month; the first week is the one that holds the first of the month. */
    private static Span ordinal(Words words, Span month, LocalDate now) {
        int nth = List.of("last", "first", "second", "third", "fourth").indexOf(words.get("nth"));
        if (words.has("unit") && EnglishTime.unit(words) == Unit.WEEK) {
            LocalDate day = nth == 0 ? month.lastDay() : month.from().plusWeeks(nth - 1L);
            return Unit.WEEK.of(day).relativeIf(month.relative());
        }
        DayOfWeek weekday = words.has("unit") ? DayOfWeek.SATURDAY : EnglishTime.weekday(words);
        LocalDate day = month.from().with(TemporalAdjusters.dayOfWeekInMonth(nth == 0 ? -1 : nth, weekday));
        return (words.has("unit") ? Unit.WEEKEND : Unit.DAY).of(day).relativeIf(month.relative());
    }

    private static Span partOfYear(Words words, Span year, LocalDate now) {
        Yearly part = words.has("season") ? EnglishTime.season(words) : Yearly.month(EnglishTime.month(words));
        return part.in(year.from().getYear()).relativeIf(year.relative());
    }
}
