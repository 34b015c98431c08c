package io.memos4j.core.language.time;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * A way of saying a time: what it looks like, and what it means.
 *
 * <p>In its expression a blank stands for one to four blanks of the text. All repetition is bounded, so that a search
 * is linear.
 */
record TimePhrase(Pattern pattern, Meaning meaning) {
    /** Turns the words into days. A {@link DateTimeException} says that there are no such days. */
    @FunctionalInterface
    interface Meaning {
        DateSpan of(CapturedGroups words, LocalDate reference);
    }

    static TimePhrase of(String expression, Meaning meaning) {
        return new TimePhrase(compile(expression), meaning);
    }

    DateSpan read(CapturedGroups words, LocalDate reference) {
        return DateSpan.orEmpty(() -> meaning.of(words, reference));
    }

    static Pattern compile(String expression) {
        return Pattern.compile(expression.replace(" ", "(?:[\\s\\u00a0]{1,4})"), Pattern.CASE_INSENSITIVE);
    }
}
