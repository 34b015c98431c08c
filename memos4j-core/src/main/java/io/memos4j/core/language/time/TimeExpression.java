package io.memos4j.core.language.time;

import java.time.LocalDate;

/**
 * Words of a text that name a time, and the days they mean.
 *
 * @param text the words as they stand in the text
 * @param start where they begin, in UTF-16 units
 * @param end where they end, exclusive
 * @param from the first day
 * @param until the day after the last
 * @param precision the precision of the words
 * @param relative whether the days depend on the reference date
 */
public record TimeExpression(
        String text, int start, int end, LocalDate from, LocalDate until, TimePrecision precision, boolean relative) {
    public TimeExpression {
        if (start < 0 || end - start != text.length()) {
            throw new IllegalArgumentException("Offsets " + start + " to " + end + " do not hold '" + text + "'");
        }
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("'" + text + "' must end after it begins: " + from + " to " + until);
        }
    }
}
