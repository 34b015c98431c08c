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
 * <p>"A few" is two to five, "several" three to seven. "Last Friday" is the one strictly before the reference, "next Friday" the one
 * strictly after, "this Friday" that of the calendar week.
 */
final class EnglishTime {
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

    static final List<Phrase> PHRASES = List.of(
            Phrase.of("\\b(?:today|tonight|this (?:morning|afternoon|evening))\\b", days(0)),
            Phrase.of("\\b(?:yesterday" + PART_OF_DAY + "|last (?:night|evening))\\b", days(-1)),
            Phrase.of("\\btomorrow" + PART_OF_DAY + "\\b", days(1)),
            Phrase.of("\\b(?<which>last|this|next) (?<unit>weekend|week|month|year)\\b", EnglishTime::whichUnit),
            Phrase.of("\\b(?<part>earlier|later) this (?<unit>week|month|year)\\b", EnglishTime::partOfUnit),
            Phrase.of(
                    "\\b(?<which>last|(?:this )?past|(?:this )?coming|this|next) " + WEEKDAY + PART_OF_DAY + "\\b",
                    EnglishTime::whichWeekday),
            Phrase.of(
                    "\\b(?<which>last|this|next) " + SEASON + "\\b", (words, day) -> which(words, season(words), day)),
            Phrase.of(
                    "\\b(?<which>last|next|this(?! (?-i:may|march)\\b)) " + MONTH + "\\b(?! \\d)",
                    (words, day) -> which(words, Yearly.month(month(words)), day)),
            Phrase.of(
                    "\\b(?:the )?" + WEEKDAY + " before last\\b",
                    (words, day) -> Span.day(day.with(TemporalAdjusters.previous(weekday(words)))
                                    .minusWeeks(1))
                            .asRelative()),
            Phrase.of(
                    "\\b(?:the )?(?<unit>weekend|week|month|year) before last\\b",
                    (words, day) -> unit(words).of(day, -2).asRelative()),
            Phrase.of(
                    "\\b" + COUNT + " " + UNIT + "s? ago\\b",
                    (words, day) -> unit(words).away(day, count(words), true).asRelative()),
            Phrase.of(
                    "\\bhalf a year ago\\b",
                    (words, day) -> Unit.MONTH.of(day, -6).asRelative()),
            Phrase.of("\\bin " + COUNT + " " + UNIT + "s?\\b", EnglishTime::ahead),
            Phrase.of("\\b" + COUNT + " " + UNIT + "s? from (?:now|today)\\b", EnglishTime::ahead),
            Phrase.of(
                    "\\b(?:the )?(?<which>past|last|next|coming) " + COUNT + " " + UNIT + "s?\\b",
                    (words, day) -> rolling(words, count(words), day)),
            Phrase.of(
                    "\\b(?:the|this) (?<which>past) " + UNIT + "\\b",
                    (words, day) -> rolling(words, Count.exactly(1), day)),
            Phrase.of(
                    NOT_GENERIC + "\\b" + WEEKDAY + PART_OF_DAY + "\\b",
                    (words, day) -> Span.day(day.with(TemporalAdjusters.previousOrSame(weekday(words))))
                            .every(ChronoUnit.WEEKS)),
            Phrase.of(
                    "(?<=\\b(?:over|at|on|during) )the weekend\\b(?! (?:before|after|of)\\b)",
                    (words, day) -> latestWeekend(day)),
            Phrase.of(
                    "(?<![\\d/-])(?<year>\\d{4})(?:-(?<month>\\d{1,2})-|/(?<slashed>\\d{1,2})/)(?<day>\\d{1,2})(?![\\d/]|-\\d)",
                    EnglishTime::numericDate),
            Phrase.of(DATE_WEEKDAY + DAY + "(?: of)? " + MONTH + "\\b\\.?(?:, ?| )" + YEAR + "\\b", EnglishTime::date),
            Phrase.of(DATE_WEEKDAY + MONTH + "\\b\\.? (?:the )?" + DAY + "(?:, ?| )" + YEAR + "\\b", EnglishTime::date),
            Phrase.of(
                    DATE_WEEKDAY + DAY + "(?: of)? (?:(?<=(?:\\d[a-z][a-z]|of) )|" + NO_VERB + ")" + MONTH + "\\b",
                    EnglishTime::latestDate),
            Phrase.of(
                    DATE_WEEKDAY + NO_VERB + MONTH + "\\b\\.? (?:the )?" + DAY + "(?!\\w|%|[:.,]\\d)",
                    EnglishTime::latestDate),
            Phrase.of(
                    "\\b" + MONTH + "\\b\\.?(?: of|,)? " + YEAR + "\\b",
                    (words, day) -> Unit.month(LocalDate.of(words.number("year"), month(words), 1))),
            Phrase.of(
                    "(?<=\\b(?:" + PREPOSITION + "|early|late|mid)(?: |-))" + MONTH + "\\b", EnglishTime::latestMonth),
            Phrase.of(
                    NOT_GENERIC + "\\b(?<month>" + CLEAR_MONTH + "|" + CAPITAL_MONTH + ")\\b",
                    EnglishTime::latestMonth),
            Phrase.of(
                    "\\b(?:the )?" + SEASON + " (?:of )?" + YEAR + "\\b",
                    (words, day) -> season(words).in(words.number("year"))),
            Phrase.of(
                    "(?:(?<=\\b(?:" + PREPOSITION
                            + "|year|early|late|mid)(?: |-))|(?<=\\b\\d{4} (?:to|and|or|until|through) ))"
                            + "(?<year>(?:19|20)\\d\\d)(?!\\w|%|[.,:]\\d| (?:" + THINGS + ")\\b)",
                    (words, day) -> Unit.year(words.number("year"))),
            Phrase.of("\\b(?:the )?(?<year>1[5-9]\\d0|20\\d0)s\\b", (words, day) -> {
                LocalDate first = LocalDate.of(words.number("year"), 1, 1);
                return Span.of(first, first.plusYears(10), Precision.SPAN);
            }));

    private EnglishTime() {}

    static Unit unit(Words words) {
        return Unit.valueOf(words.get("unit").toUpperCase(Locale.ROOT));
    }

    static DayOfWeek weekday(Words words) {
        return DayOfWeek.valueOf(words.get("weekday").toUpperCase(Locale.ROOT));
    }

    static Month month(Words words) {
        return Month.of(MONTHS.indexOf(words.get("month").substring(0, 3)) / 3 + 1);
    }

    static Yearly season(Words words) {
        return Yearly.season(
                switch (words.get("season")) {
                    case "spring" -> Month.MARCH;
                    case "summer" -> Month.JUNE;
                    case "winter" -> Month.DECEMBER;
                    default -> Month.SEPTEMBER;
                });
    }

    static Count count(Words words) {
        String count = words.get("count");
        if (Character.isDigit(count.charAt(0))) {
            return Count.exactly(Integer.parseInt(count));
        }
        if (count.endsWith("few")) {
            return Count.FEW;
        }
        if (count.contains("couple")) {
            return Count.exactly(2);
        }
        return count.equals("several") ? new Count(3, 7) : Count.exactly(Math.max(1, NUMBERS.indexOf(count)));
    }

    static Span latestWeekend(LocalDate day) {
        LocalDate saturday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY));
        return Unit.WEEKEND.of(saturday).every(ChronoUnit.WEEKS);
    }

    private static Phrase.Meaning days(int away) {
        return (words, day) -> Unit.DAY.of(day, away).asRelative();
    }

    private static Span whichUnit(Words words, LocalDate day) {
        int away = List.of("last", "this", "next").indexOf(words.get("which")) - 1;
        return unit(words).of(day, away).asRelative();
    }

    private static Span partOfUnit(Words words, LocalDate day) {
        Span whole = unit(words).of(day);
        Span part = words.get("part").equals("earlier")
                ? Span.of(whole.from(), day.plusDays(1), Precision.SPAN)
                : Span.of(day, whole.until(), Precision.SPAN);
        return part.asRelative();
    }

    private static Span whichWeekday(Words words, LocalDate day) {
        DayOfWeek weekday = weekday(words);
        String which = words.get("which");
        LocalDate meant = switch (which) {
            case "last" -> day.with(TemporalAdjusters.previous(weekday));
            case "this" -> Unit.WEEK.of(day).from().with(TemporalAdjusters.nextOrSame(weekday));
            default ->
                day.with(
                        which.endsWith("past") ? TemporalAdjusters.previous(weekday) : TemporalAdjusters.next(weekday));
        };
        return Span.day(meant).asRelative();
    }

    private static Span which(Words words, Yearly yearly, LocalDate day) {
        return switch (words.get("which")) {
            case "last" -> yearly.last(day);
            case "next" -> yearly.next(day);
            default -> yearly.current(day);
        };
    }

    private static Span ahead(Words words, LocalDate day) {
        return unit(words).away(day, count(words), false).asRelative();
    }

    private static Span rolling(Words words, Count count, LocalDate day) {
        boolean past = words.get("which").equals("past") || words.get("which").equals("last");
        return unit(words).around(day, count, past).asRelative();
    }

    private static Span numericDate(Words words, LocalDate day) {
        String month = words.has("month") ? "month" : "slashed";
        return Span.day(LocalDate.of(words.number("year"), words.number(month), words.number("day")));
    }

    private static Span date(Words words, LocalDate day) {
        return Span.day(LocalDate.of(words.number("year"), month(words), words.number("day")));
    }

    private static Span latestDate(Words words, LocalDate day) {
        return Yearly.latest(MonthDay.of(month(words), words.number("day")), day);
    }

    private static Span latestMonth(Words words, LocalDate day) {
        return Yearly.month(month(words)).latest(day);
    }
}
