package io.memos4j.core.search;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Annotates relative dates with absolute ones, so that a reader of "yesterday" in an old message does not take it for
 * their own yesterday.
 */
final class AbsoluteDateAnnotator {
    /** The bound on annotations: each costs tokens, and after the first few the day is clear. */
    private static final int MAX_ANNOTATIONS = 3;

    private AbsoluteDateAnnotator() {}

    /**
     * Appends a date in parentheses to each relative expression of a text from {@code day}, unless it means that day.
     */
    static String annotate(String text, LocalDate day) {
        StringBuilder dated = new StringBuilder();
        int end = 0;
        int written = 0;
        for (TimeExpression time : TimeExpressionFinder.find(text, day)) {
            boolean sameDay = time.from().equals(day) && time.until().equals(day.plusDays(1));
            boolean definite = LanguageRules.matches(PatternSet.DEFINITE_TIME, time.text());
            if (time.relative() && definite && !sameDay && written < MAX_ANNOTATIONS) {
                dated.append(text, end, time.end())
                        .append(" (")
                        .append(formatDate(time))
                        .append(')');
                end = time.end();
                written++;
            }
        }
        return dated.append(text, end, text.length()).toString();
    }

    private static String formatDate(TimeExpression time) {
        return switch (time.precision()) {
            case DAY -> time.from().toString();
            case WEEK -> "week of " + time.from();
            case WEEKEND -> "weekend of " + time.from();
            case MONTH -> YearMonth.from(time.from()).toString();
            case YEAR -> Integer.toString(time.from().getYear());
            case SEASON, SPAN -> time.from() + " to " + time.until().minusDays(1);
        };
    }
}
