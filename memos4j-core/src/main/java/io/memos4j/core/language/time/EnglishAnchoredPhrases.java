package io.memos4j.core.language.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static io.memos4j.core.language.time.EnglishTimePhrases.COUNT;
import static io.memos4j.core.language.time.EnglishTimePhrases.MONTH;
import static io.memos4j.core.language.time.EnglishTimePhrases.SEASON;
import static io.memos4j.core.language.time.EnglishTimePhrases.UNIT;
import static io.memos4j.core.language.time.EnglishTimePhrases.WEEKDAY;

/** English expressions of time that lean on another one, and ranges between two. */
final class EnglishAnchoredPhrases {
    private static final Set<TimePrecision> ANY = EnumSet.allOf(TimePrecision.class);
    private static final String SIDE = "(?<side>before|preceding|prior to|after|following) (?:the )?";

    static final List<AnchoredPhrase> JOINS = List.of(
            AnchoredPhrase.before(ANY, "\\b(?:the )?" + UNIT + " " + SIDE, EnglishAnchoredPhrases::nextUnit),
            AnchoredPhrase.before(ANY, "\\b(?:the )?" + WEEKDAY + " " + SIDE, EnglishAnchoredPhrases::nextWeekday),
            AnchoredPhrase.before(ANY, "\\b" + COUNT + " " + UNIT + "s? " + SIDE, EnglishAnchoredPhrases::counted),
            AnchoredPhrase.before(
                    EnumSet.of(TimePrecision.DAY),
                    "\\b(?:the )?(?<unit>week|weekend) of (?:the )?",
                    (words, day, now) ->
                            EnglishTimePhrases.unit(words).of(day.from()).relativeIf(day.relative())),
            AnchoredPhrase.before(
                    EnumSet.of(TimePrecision.MONTH),
                    "\\b(?:the )?(?<nth>first|second|third|fourth|last) (?:" + WEEKDAY
                            + "|(?<unit>weekend|week)) (?:of|in) ",
                    EnglishAnchoredPhrases::ordinal),
            AnchoredPhrase.before(
                    EnumSet.of(TimePrecision.YEAR),
                    "\\b(?:the )?(?:" + SEASON + "|(?!(?-i:may|march) (?!of))" + MONTH + ") (?:of |in )?",
                    EnglishAnchoredPhrases::partOfYear),
            AnchoredPhrase.before(
                    EnumSet.of(TimePrecision.WEEK),
                    "\\b" + WEEKDAY + " (?:of )?",
                    (words, week, now) -> DateSpan.day(
                                    week.from().with(TemporalAdjusters.nextOrSame(EnglishTimePhrases.weekday(words))))
                            .relativeIf(week.relative())));

    /** From a time until the reference. What lies ahead has not begun; it stays as it is. */
    static final List<AnchoredPhrase> OPEN_RANGES = List.of(
            AnchoredPhrase.before(ANY, "\\b(?:ever )?since (?:the )?", (words, start, now) -> since(start, now)));

    static final List<RangePhrase> RANGES = List.of(
            RangePhrase.of("\\bbetween (?:the )?", " and (?:the )?"),
            RangePhrase.of("\\bfrom (?:the )?", " (?:to|until|till|through) (?:the )?"));

    private EnglishAnchoredPhrases() {}

    static DateSpan since(DateSpan start, LocalDate now) {
        return start.from().isAfter(now)
                ? start
                : DateSpan.of(start.from(), now.plusDays(1), TimePrecision.SPAN).asRelative();
    }

    private static boolean isBefore(CapturedGroups words) {
        return words.get("side").startsWith("before") || words.get("side").startsWith("pr");
    }

    private static DateSpan nextUnit(CapturedGroups words, DateSpan anchor, LocalDate now) {
        CalendarUnit unit = EnglishTimePhrases.unit(words);
        return (isBefore(words) ? unit.before(anchor) : unit.after(anchor)).relativeIf(anchor.relative());
    }

    private static DateSpan nextWeekday(CapturedGroups words, DateSpan anchor, LocalDate now) {
        DayOfWeek weekday = EnglishTimePhrases.weekday(words);
        LocalDate day = isBefore(words)
                ? anchor.from().with(TemporalAdjusters.previous(weekday))
                : anchor.lastDay().with(TemporalAdjusters.next(weekday));
        return DateSpan.day(day).relativeIf(anchor.relative());
    }

    private static DateSpan counted(CapturedGroups words, DateSpan anchor, LocalDate now) {
        boolean past = isBefore(words);
        return EnglishTimePhrases.unit(words)
                .offset(past ? anchor.from() : anchor.lastDay(), EnglishTimePhrases.count(words), past)
                .relativeIf(anchor.relative());
    }

    /** The second Friday, weekend or week of a month; the first week is the one that holds the first of the month. */
    private static DateSpan ordinal(CapturedGroups words, DateSpan month, LocalDate now) {
        int nth = List.of("last", "first", "second", "third", "fourth").indexOf(words.get("nth"));
        if (words.has("unit") && EnglishTimePhrases.unit(words) == CalendarUnit.WEEK) {
            LocalDate day = nth == 0 ? month.lastDay() : month.from().plusWeeks(nth - 1L);
            return CalendarUnit.WEEK.of(day).relativeIf(month.relative());
        }
        DayOfWeek weekday = words.has("unit") ? DayOfWeek.SATURDAY : EnglishTimePhrases.weekday(words);
        LocalDate day = month.from().with(TemporalAdjusters.dayOfWeekInMonth(nth == 0 ? -1 : nth, weekday));
        return (words.has("unit") ? CalendarUnit.WEEKEND : CalendarUnit.DAY)
                .of(day)
                .relativeIf(month.relative());
    }

    private static DateSpan partOfYear(CapturedGroups words, DateSpan year, LocalDate now) {
        YearlyPeriod part = words.has("season")
                ? EnglishTimePhrases.season(words)
                : YearlyPeriod.month(EnglishTimePhrases.month(words));
        return part.in(year.from().getYear()).relativeIf(year.relative());
    }
}
