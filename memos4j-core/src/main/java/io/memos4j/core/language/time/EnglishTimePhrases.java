package io.memos4j.core.language.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;

/**
 * English expressions of time that stand alone.
 *
 * <p>"A few" is two to five, "several" three to seven. "Last Friday" is the one strictly before the reference, "next
 * Friday" the one strictly after, "this Friday" that of the calendar week.
 */
final class EnglishTimePhrases {
    static final String WEEKDAY = "(?<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
    static final String MONTH = "(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
            + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    static final String SEASON = "(?<season>spring|summer|autumn|fall|winter)";
    static final String UNIT = "(?<unit>day|weekend|week|month|year)";
    static final String COUNT = "(?<count>\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
            + "|(?:a )?couple(?: of)?|(?:a )?few|several)";

    private static final List<String> NUMBERS = List.of(
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private static final String YEAR = "(?<year>1[5-9]\\d\\d|2[01]\\d\\d)";
    private static final String DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th)?";
    private static final String PART_OF_DAY = "(?: (?:morning|afternoon|evening|night))?";
    /** "Friday, the" may lead a date. */
    private static final String DATE_WEEKDAY = "\\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:, ?| ))?(?:the )?";

    /** Lower-case "may" and "march" are verbs; "may 7th" is not. */
    private static final String NO_VERB = "(?!(?-i:may|march)\\b(?! \\d{1,2}(?:st|nd|rd|th)))";

    /** Before a name that then means none in particular: "every Friday", "the March". */
    private static final String NOT_GENERIC = "(?<!\\b(?:the|an?|any|each|every|first|second|third|fourth|last|most) )";

    private static final String CLEAR_MONTH = "january|february|july|september|october|november|december";

    /** Inside a sentence, with a capital and not beside another name, as in "Theresa May" or "June Carter". */
    private static final String CAPITAL_MONTH = "(?<=[\\w,;:] )(?<!(?-i:[A-Z])[a-z'’]{1,15} )"
            + "(?-i:March|April|May|June|August)\\b(?! (?-i:[A-Z][a-z]))";

    private static final String PREPOSITION = "in|since|during|of|from|until|till|by|between|before|after|through";
    /** What a number that looks like a year may count instead. */
    private static final String THINGS =
            "people|dollars|euros|words|pages|steps|times|units|users|items|miles|met(?:er|re)s|points";

    static final List<TimePhrase> PHRASES = List.of(
            TimePhrase.of("\\b(?:today|tonight|this (?:morning|afternoon|evening))\\b", days(0)),
            TimePhrase.of("\\b(?:yesterday" + PART_OF_DAY + "|last (?:night|evening))\\b", days(-1)),
            TimePhrase.of("\\btomorrow" + PART_OF_DAY + "\\b", days(1)),
            TimePhrase.of(
                    "\\b(?<which>last|this|next) (?<unit>weekend|week|month|year)\\b", EnglishTimePhrases::whichUnit),
            TimePhrase.of("\\b(?<part>earlier|later) this (?<unit>week|month|year)\\b", EnglishTimePhrases::partOfUnit),
            TimePhrase.of(
                    "\\b(?<which>last|(?:this )?past|(?:this )?coming|this|next) " + WEEKDAY + PART_OF_DAY + "\\b",
                    EnglishTimePhrases::whichWeekday),
            TimePhrase.of(
                    "\\b(?<which>last|this|next) " + SEASON + "\\b", (words, day) -> which(words, season(words), day)),
            TimePhrase.of(
                    "\\b(?<which>last|next|this(?! (?-i:may|march)\\b)) " + MONTH + "\\b(?! \\d)",
                    (words, day) -> which(words, YearlyPeriod.month(month(words)), day)),
            TimePhrase.of(
                    "\\b(?:the )?" + WEEKDAY + " before last\\b",
                    (words, day) -> DateSpan.day(day.with(TemporalAdjusters.previous(weekday(words)))
                                    .minusWeeks(1))
                            .asRelative()),
            TimePhrase.of(
                    "\\b(?:the )?(?<unit>weekend|week|month|year) before last\\b",
                    (words, day) -> unit(words).of(day, -2).asRelative()),
            TimePhrase.of(
                    "\\b" + COUNT + " " + UNIT + "s? ago\\b",
                    (words, day) -> unit(words).offset(day, count(words), true).asRelative()),
            TimePhrase.of(
                    "\\bhalf a year ago\\b",
                    (words, day) -> CalendarUnit.MONTH.of(day, -6).asRelative()),
            TimePhrase.of("\\bin " + COUNT + " " + UNIT + "s?\\b", EnglishTimePhrases::ahead),
            TimePhrase.of("\\b" + COUNT + " " + UNIT + "s? from (?:now|today)\\b", EnglishTimePhrases::ahead),
            TimePhrase.of(
                    "\\b(?:the )?(?<which>past|last|next|coming) " + COUNT + " " + UNIT + "s?\\b",
                    (words, day) -> rolling(words, count(words), day)),
            TimePhrase.of(
                    "\\b(?:the|this) (?<which>past) " + UNIT + "\\b",
                    (words, day) -> rolling(words, UnitCount.exactly(1), day)),
            TimePhrase.of(
                    NOT_GENERIC + "\\b" + WEEKDAY + PART_OF_DAY + "\\b",
                    (words, day) -> DateSpan.day(day.with(TemporalAdjusters.previousOrSame(weekday(words))))
                            .every(ChronoUnit.WEEKS)),
            TimePhrase.of(
                    "(?<=\\b(?:over|at|on|during) )the weekend\\b(?! (?:before|after|of)\\b)",
                    (words, day) -> latestWeekend(day)),
            TimePhrase.of(
                    "(?<![\\d/-])(?<year>\\d{4})(?:-(?<month>\\d{1,2})-|/(?<slashed>\\d{1,2})/)(?<day>\\d{1,2})(?![\\d/]|-\\d)",
                    EnglishTimePhrases::numericDate),
            TimePhrase.of(
                    DATE_WEEKDAY + DAY + "(?: of)? " + MONTH + "\\b\\.?(?:, ?| )" + YEAR + "\\b",
                    EnglishTimePhrases::date),
            TimePhrase.of(
                    DATE_WEEKDAY + MONTH + "\\b\\.? (?:the )?" + DAY + "(?:, ?| )" + YEAR + "\\b",
                    EnglishTimePhrases::date),
            TimePhrase.of(
                    DATE_WEEKDAY + DAY + "(?: of)? (?:(?<=(?:\\d[a-z][a-z]|of) )|" + NO_VERB + ")" + MONTH + "\\b",
                    EnglishTimePhrases::latestDate),
            TimePhrase.of(
                    DATE_WEEKDAY + NO_VERB + MONTH + "\\b\\.? (?:the )?" + DAY + "(?!\\w|%|[:.,]\\d)",
                    EnglishTimePhrases::latestDate),
            TimePhrase.of(
                    "\\b" + MONTH + "\\b\\.?(?: of|,)? " + YEAR + "\\b",
                    (words, day) -> CalendarUnit.month(LocalDate.of(words.number("year"), month(words), 1))),
            TimePhrase.of(
                    "(?<=\\b(?:" + PREPOSITION + "|early|late|mid)(?: |-))" + MONTH + "\\b",
                    EnglishTimePhrases::latestMonth),
            TimePhrase.of(
                    NOT_GENERIC + "\\b(?<month>" + CLEAR_MONTH + "|" + CAPITAL_MONTH + ")\\b",
                    EnglishTimePhrases::latestMonth),
            TimePhrase.of(
                    "\\b(?:the )?" + SEASON + " (?:of )?" + YEAR + "\\b",
                    (words, day) -> season(words).in(words.number("year"))),
            TimePhrase.of(
                    "(?:(?<=\\b(?:" + PREPOSITION
                            + "|year|early|late|mid)(?: |-))|(?<=\\b\\d{4} (?:to|and|or|until|through) ))"
                            + "(?<year>(?:19|20)\\d\\d)(?!\\w|%|[.,:]\\d| (?:" + THINGS + ")\\b)",
                    (words, day) -> CalendarUnit.year(words.number("year"))),
            TimePhrase.of("\\b(?:the )?(?<year>1[5-9]\\d0|20\\d0)s\\b", (words, day) -> {
                LocalDate first = LocalDate.of(words.number("year"), 1, 1);
                return DateSpan.of(first, first.plusYears(10), TimePrecision.SPAN);
            }));

    private EnglishTimePhrases() {}

    static CalendarUnit unit(CapturedGroups words) {
        return CalendarUnit.valueOf(words.get("unit").toUpperCase(Locale.ROOT));
    }

    static DayOfWeek weekday(CapturedGroups words) {
        return DayOfWeek.valueOf(words.get("weekday").toUpperCase(Locale.ROOT));
    }

    static Month month(CapturedGroups words) {
        return Month.of(MONTHS.indexOf(words.get("month").substring(0, 3)) / 3 + 1);
    }

    static YearlyPeriod season(CapturedGroups words) {
        return YearlyPeriod.season(
                switch (words.get("season")) {
                    case "spring" -> Month.MARCH;
                    case "summer" -> Month.JUNE;
                    case "winter" -> Month.DECEMBER;
                    default -> Month.SEPTEMBER;
                });
    }

    static UnitCount count(CapturedGroups words) {
        String count = words.get("count");
        if (Character.isDigit(count.charAt(0))) {
            return UnitCount.exactly(Integer.parseInt(count));
        }
        if (count.endsWith("few")) {
            return UnitCount.FEW;
        }
        if (count.contains("couple")) {
            return UnitCount.exactly(2);
        }
        return count.equals("several") ? new UnitCount(3, 7) : UnitCount.exactly(Math.max(1, NUMBERS.indexOf(count)));
    }

    static DateSpan latestWeekend(LocalDate day) {
        LocalDate saturday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY));
        return CalendarUnit.WEEKEND.of(saturday).every(ChronoUnit.WEEKS);
    }

    private static TimePhrase.Meaning days(int away) {
        return (words, day) -> CalendarUnit.DAY.of(day, away).asRelative();
    }

    private static DateSpan whichUnit(CapturedGroups words, LocalDate day) {
        int away = List.of("last", "this", "next").indexOf(words.get("which")) - 1;
        return unit(words).of(day, away).asRelative();
    }

    private static DateSpan partOfUnit(CapturedGroups words, LocalDate day) {
        DateSpan whole = unit(words).of(day);
        DateSpan part = words.get("part").equals("earlier")
                ? DateSpan.of(whole.from(), day.plusDays(1), TimePrecision.SPAN)
                : DateSpan.of(day, whole.until(), TimePrecision.SPAN);
        return part.asRelative();
    }

    private static DateSpan whichWeekday(CapturedGroups words, LocalDate day) {
        DayOfWeek weekday = weekday(words);
        String which = words.get("which");
        LocalDate meant = switch (which) {
            case "last" -> day.with(TemporalAdjusters.previous(weekday));
            case "this" -> CalendarUnit.WEEK.of(day).from().with(TemporalAdjusters.nextOrSame(weekday));
            default ->
                day.with(
                        which.endsWith("past") ? TemporalAdjusters.previous(weekday) : TemporalAdjusters.next(weekday));
        };
        return DateSpan.day(meant).asRelative();
    }

    private static DateSpan which(CapturedGroups words, YearlyPeriod yearly, LocalDate day) {
        return switch (words.get("which")) {
            case "last" -> yearly.last(day);
            case "next" -> yearly.next(day);
            default -> yearly.current(day);
        };
    }

    private static DateSpan ahead(CapturedGroups words, LocalDate day) {
        return unit(words).offset(day, count(words), false).asRelative();
    }

    private static DateSpan rolling(CapturedGroups words, UnitCount count, LocalDate day) {
        boolean past = words.get("which").equals("past") || words.get("which").equals("last");
        return unit(words).rolling(day, count, past).asRelative();
    }

    private static DateSpan numericDate(CapturedGroups words, LocalDate day) {
        String month = words.has("month") ? "month" : "slashed";
        return DateSpan.day(LocalDate.of(words.number("year"), words.number(month), words.number("day")));
    }

    private static DateSpan date(CapturedGroups words, LocalDate day) {
        return DateSpan.day(LocalDate.of(words.number("year"), month(words), words.number("day")));
    }

    private static DateSpan latestDate(CapturedGroups words, LocalDate day) {
        return YearlyPeriod.latest(MonthDay.of(month(words), words.number("day")), day);
    }

    private static DateSpan latestMonth(CapturedGroups words, LocalDate day) {
        return YearlyPeriod.month(month(words)).latest(day);
    }
}
