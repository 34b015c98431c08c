package io.memos4j.core.language.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chinese expressions of time, simplified and traditional.
 *
 * <p>Chinese has no blanks between words, so an expression is told from its look-alikes by the characters next to it:
 * 后天 is no day in 之后天气. 几 is two to five. 下周五 is the Friday of the next calendar week.
 */
final class ChineseTimePhrases {
    private static final String DIGITS = "一二三四五六七八九";
    /** One to ninety-nine, in either script. */
    private static final String NUMBER = "(?:\\d{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两兩三四五六七八九])";

    private static final String NO_NUMBER = "(?<![\\d〇零一二两兩三四五六七八九十百千几幾数數第])";

    private static final String WEEK = "(?:周|週|星期|礼拜|禮拜)";
    private static final String COUNT = NO_NUMBER + "(?<count>\\d{1,3}|半|几|幾|" + NUMBER + ") ?";
    private static final String UNIT = "(?<unit>天|日|[个個]?" + WEEK + "|[个個]月|年)";
    private static final String MONTH = "(?<month>" + NUMBER + ") ?月";
    private static final String DAY = "(?<day>" + NUMBER + ") ?[日号號]";
    private static final String SEASON = "(?<season>[春夏秋冬])[天季]";
    private static final String PART_OF_DAY = "(?:早上|上午|中午|下午|傍晚|晚上|夜里|夜裡|凌晨)?";
    private static final String DATE_WEEKDAY = "(?: ?[(（]?" + WEEK + "[一二三四五六日天][)）]?)?";

    /** 今年轻人 is 年轻人, 前年龄 is 年龄. */
    private static final String YEAR_END = "(?![轻輕纪紀龄齡])";

    private static final Map<String, Integer> DAYS =
            Map.of("大前", -3, "前", -2, "昨", -1, "今", 0, "明", 1, "后", 2, "後", 2, "大后", 3, "大後", 3);
    private static final Map<String, Integer> YEARS =
            Map.of("大前", -3, "前", -2, "去", -1, "今", 0, "本", 0, "明", 1, "后", 2, "後", 2);

    private static final Set<TimePrecision> ANY = EnumSet.allOf(TimePrecision.class);

    static final List<TimePhrase> PHRASES = List.of(
            TimePhrase.of(
                    "(?<![之以当當目眼雨饭飯])(?<day>大?[前后後]|[昨今明])天(?![气氣](?![温溫])|[色空性黑亮赋賦才])" + PART_OF_DAY,
                    (words, now) -> CalendarUnit.DAY
                            .of(now, DAYS.getOrDefault(words.get("day"), 0))
                            .asRelative()),
            TimePhrase.of(
                    "(?<day>[昨今明])(?:日|晚上?|早上?|晨|夜)",
                    (words, now) -> CalendarUnit.DAY
                            .of(now, DAYS.getOrDefault(words.get("day"), 0))
                            .asRelative()),
            TimePhrase.of(
                    "(?<![晚早天海日皇])(?<which>上{1,3}|下{1,3}|[这這本])(?:一?[个個])?" + WEEK
                            + "(?![边邊围圍刊报報年])(?:(?<weekday>[二三四五六日天]|一(?![起直样樣共些次般定]))|(?<end>末))?"
                            + PART_OF_DAY,
                    ChineseTimePhrases::week),
            TimePhrase.of(
                    NO_NUMBER + "(?<![每逢])(?<!每[个個])" + WEEK + "(?<weekday>[一二三四五六日天])(?![次遍回])" + PART_OF_DAY,
                    (words, now) -> DateSpan.day(now.with(TemporalAdjusters.previousOrSame(weekday(words))))
                            .every(ChronoUnit.WEEKS)),
            TimePhrase.of("(?<![每逢])(?<!每[个個])[周週]末", (words, now) -> EnglishTimePhrases.latestWeekend(now)),
            TimePhrase.of(
                    "(?<![晚早天海日身])(?<which>上{1,3}|下{1,3}|[这這本])(?:一?[个個])?月(?![球亮光饼餅])(?:" + DAY + ")?",
                    ChineseTimePhrases::month),
            TimePhrase.of(
                    "(?:(?<![之以然年月天目眼过過失])(?<which>大?前|[去今本明后後])|" + NO_NUMBER
                            + "(?<year>1[5-9]\\d\\d|2[01]\\d\\d|[一二][〇零" + DIGITS + "]{3}) ?)年" + YEAR_END
                            + "(?:的? ?(?:" + SEASON + "|" + MONTH + "(?:份| ?" + DAY + DATE_WEEKDAY + ")?))?",
                    ChineseTimePhrases::year),
            TimePhrase.of(
                    NO_NUMBER + "(?<![个個])" + MONTH + " ?" + DAY + DATE_WEEKDAY,
                    (words, now) ->
                            YearlyPeriod.latest(MonthDay.of(number(words, "month"), number(words, "day")), now)),
            TimePhrase.of(
                    NO_NUMBER + MONTH + "份?(?![球亮光饼餅])",
                    (words, now) ->
                            YearlyPeriod.month(Month.of(number(words, "month"))).latest(now)),
            TimePhrase.of(
                    COUNT + UNIT + "(?:之|以)?(?<side>前|后|後)",
                    (words, now) -> away(words, now).asRelative()),
            TimePhrase.of(
                    "(?<![之以])前[几幾些][天日]",
                    (words, now) ->
                            CalendarUnit.DAY.offset(now, UnitCount.FEW, true).asRelative()),
            TimePhrase.of(
                    "(?<![附接靠将將])(?<which>最近|近|过去|過去|未来|未來|接下来|接下來)的?这?" + COUNT + UNIT, ChineseTimePhrases::rolling));

    static final List<AnchoredPhrase> JOINS = List.of(
            AnchoredPhrase.after(
                    EnumSet.of(TimePrecision.DAY),
                    "的?(?:那一?|当|當)[个個]?(?:(?<end>[周週]末)|" + WEEK + ")",
                    (words, day, now) -> (words.has("end") ? CalendarUnit.WEEKEND : CalendarUnit.WEEK)
                            .of(day.from())
                            .relativeIf(day.relative())),
            AnchoredPhrase.after(
                    EnumSet.of(TimePrecision.DAY),
                    "[的之]?(?<side>前|后|後)" + COUNT + UNIT,
                    (words, day, now) -> away(words, day.from()).relativeIf(day.relative())));

    static final List<AnchoredPhrase> OPEN_RANGES = List.of(
            AnchoredPhrase.before(ANY, "自[从從]? ?", (words, start, now) -> EnglishAnchoredPhrases.since(start, now)),
            AnchoredPhrase.after(ANY, " ?以[来來]", (words, start, now) -> EnglishAnchoredPhrases.since(start, now)));

    static final List<RangePhrase> RANGES = List.of(RangePhrase.of("(?:[从從自] ?)?", " ?[到至~～] ?"));

    private ChineseTimePhrases() {}

    private static DateSpan week(CapturedGroups words, LocalDate now) {
        DateSpan week = CalendarUnit.WEEK.of(now, which(words));
        if (words.has("weekday")) {
            return DateSpan.day(week.from().with(TemporalAdjusters.nextOrSame(weekday(words))))
                    .asRelative();
        }
        return (words.has("end") ? CalendarUnit.WEEKEND.of(week.from()) : week).asRelative();
    }

    private static DateSpan month(CapturedGroups words, LocalDate now) {
        DateSpan month = CalendarUnit.MONTH.of(now, which(words));
        DateSpan meant = words.has("day") ? dayOf(month.from(), words) : month;
        return meant.asRelative();
    }

    private static DateSpan year(CapturedGroups words, LocalDate now) {
        boolean relative = words.has("which");
        int year = relative ? now.getYear() + YEARS.getOrDefault(words.get("which"), 0) : yearNumber(words.get("year"));
        return yearPart(words, year).relativeIf(relative);
    }

    private static DateSpan yearPart(CapturedGroups words, int year) {
        if (words.has("season")) {
            return YearlyPeriod.season(Month.of("春夏秋冬".indexOf(words.get("season")) * 3 + 3))
                    .in(year);
        }
        if (words.has("month")) {
            LocalDate month = LocalDate.of(year, number(words, "month"), 1);
            return words.has("day") ? dayOf(month, words) : CalendarUnit.month(month);
        }
        return CalendarUnit.year(year);
    }

    private static DateSpan dayOf(LocalDate month, CapturedGroups words) {
        return DateSpan.day(LocalDate.of(month.getYear(), month.getMonth(), number(words, "day")));
    }

    /**
     * So many units before or after a day; half a year is six months, half a month fifteen days, and half of the rest
     * no count.
     */
    private static DateSpan away(CapturedGroups words, LocalDate day) {
        boolean past = words.get("side").equals("前");
        CalendarUnit unit = unit(words);
        if (!words.get("count").equals("半")) {
            return unit.offset(day, count(words), past);
        }
        return switch (unit) {
            case YEAR -> CalendarUnit.MONTH.offset(day, UnitCount.exactly(6), past);
            case MONTH -> CalendarUnit.WEEK.of(day.plusDays(past ? -15 : 15));
            case DAY, WEEK, WEEKEND -> DateSpan.empty();
        };
    }

    private static DateSpan rolling(CapturedGroups words, LocalDate now) {
        boolean past =
                !words.get("which").startsWith("未") && !words.get("which").startsWith("接");
        CalendarUnit unit = unit(words);
        if (!words.get("count").equals("半")) {
            return unit.rolling(now, count(words), past).asRelative();
        }
        return switch (unit) {
            case YEAR ->
                CalendarUnit.MONTH.rolling(now, UnitCount.exactly(6), past).asRelative();
            case MONTH ->
                CalendarUnit.DAY.rolling(now, UnitCount.exactly(15), past).asRelative();
            case DAY, WEEK, WEEKEND -> DateSpan.empty();
        };
    }

    /** How many units ahead: 上上周 is two back. */
    private static int which(CapturedGroups words) {
        String which = words.get("which");
        return switch (which.charAt(0)) {
            case '上' -> -which.length();
            case '下' -> which.length();
            default -> 0;
        };
    }

    private static DayOfWeek weekday(CapturedGroups words) {
        return DayOfWeek.of(Math.min(7, "一二三四五六日天".indexOf(words.get("weekday")) + 1));
    }

    private static CalendarUnit unit(CapturedGroups words) {
        String unit = words.get("unit");
        return switch (unit) {
            case "天", "日" -> CalendarUnit.DAY;
            case "年" -> CalendarUnit.YEAR;
            default -> unit.endsWith("月") ? CalendarUnit.MONTH : CalendarUnit.WEEK;
        };
    }

    private static UnitCount count(CapturedGroups words) {
        String count = words.get("count");
        return count.equals("几") || count.equals("幾") ? UnitCount.FEW : UnitCount.exactly(number(words, "count"));
    }

    private static int yearNumber(String year) {
        int number = 0;
        for (int i = 0; i < year.length(); i++) {
            char digit = year.charAt(i);
            number = number * 10 + (Character.isDigit(digit) ? digit - '0' : DIGITS.indexOf(digit) + 1);
        }
        return number;
    }

    private static int number(CapturedGroups words, String name) {
        String number = words.get(name).replace('两', '二').replace('兩', '二');
        if (Character.isDigit(number.charAt(0))) {
            return Integer.parseInt(number);
        }
        int ten = number.indexOf('十');
        if (ten < 0) {
            return DIGITS.indexOf(number) + 1;
        }
        int tens = ten == 0 ? 1 : DIGITS.indexOf(number.charAt(0)) + 1;
        return tens * 10 + DIGITS.indexOf(number.substring(ten + 1)) + (ten + 1 < number.length() ? 1 : 0);
    }
}
