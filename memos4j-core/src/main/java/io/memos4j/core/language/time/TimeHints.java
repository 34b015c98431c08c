package io.memos4j.core.language.time;

import java.util.Locale;
import java.util.Set;

/**
 * Whether a text can hold an expression of time at all: most texts cannot, and one pass over the words tells that
 * sooner than the patterns do.
 */
final class TimeHints {
    /**
     * Without one of these, or four digits, there is no English expression. The names of units also stand with an s.
     */
    private static final Set<String> ENGLISH = Set.of(
            "today",
            "yesterday",
            "tomorrow",
            "tonight",
            "morning",
            "night",
            "evening",
            "afternoon",
            "day",
            "days",
            "week",
            "weeks",
            "weekend",
            "weekends",
            "fortnight",
            "fortnights",
            "month",
            "months",
            "year",
            "years",
            "decade",
            "decades",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "feb",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
            "sept",
            "oct",
            "nov",
            "dec",
            "spring",
            "summer",
            "autumn",
            "fall",
            "winter");

    /** Without one of these there is no Chinese expression. */
    private static final String CHINESE = "今昨前明后後当當上下本这這那周週星期礼禮拜月年天日号號早晚夏春秋冬去近过過";

    private static final int LONGEST_WORD = 10;

    private TimeHints() {}

    static boolean ofEnglish(String text) {
        int start = -1;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            boolean letter = c < 128 && Character.isLetter(c);
            if (letter && start < 0) {
                start = i;
            } else if (!letter && start >= 0) {
                if (i - start <= LONGEST_WORD
                        && ENGLISH.contains(text.substring(start, i).toLowerCase(Locale.ROOT))) {
                    return true;
                }
                start = -1;
            }
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits == 4) {
                return true;
            }
        }
        return false;
    }

    static boolean ofChinese(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x2E7F && CHINESE.indexOf(text.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
