package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the expressions of time in a text, in all installed languages, and resolves them against a reference date.
 *
 * <p>Words that leave the year or the week open ("May 7th", "in May", "on Friday") mean the latest such time that is
 * not after the reference; of a month, the latest that has begun. Weeks begin on Monday, and what is counted in weeks,
 * months or years means a whole one: "two weeks ago" is the calendar week that holds that day. A preposition that does
 * not change the days is left out: "in May" yields "May", but "since May" stays whole. Names of months that are also
 * words ("may", "march") need a preposition, or a capital letter inside a sentence.
 *
 * <p>The class has no state: it is safe to use from several threads and does not depend on the locale.
 */
public final class TimeExpressionFinder {
    /** The number of UTF-16 units of a text that are read; expressions that begin after them are not found. */
    static final int MAX_CHARS = 10_000;

    /** The longest expression, in UTF-16 units. */
    private static final int LONGEST = 300;

    private static final String FULL_WIDTH = "０１２３４５６７８９．";
    private static final String ASCII = "0123456789.";

    private TimeExpressionFinder() {}

    /**
     * Finds the expressions in order of appearance; of those that overlap, the longest. Dates that do not exist are
     * left out. Only the first 10,000 UTF-16 units of the text are read, so the effort is bounded.
     *
     * @param reference the day on which the text was written or is read, to which "today" refers
     */
    public static List<TimeExpression> find(String text, LocalDate reference) {
        String head = asciiDigits(text.substring(0, Math.min(text.length(), MAX_CHARS + LONGEST)));
        List<TimeMatch> phrases = new ArrayList<>();
        TimeVocabulary.phrasesFor(head).forEach(phrase -> phrases.addAll(phrase.find(head, reference)));
        if (phrases.isEmpty()) {
            return List.of();
        }
        List<TimeMatch> found = longest(phrases);
        found = longest(joined(found, TimeVocabulary.JOINS, head, reference));
        List<TimeMatch> ranges = joined(found, TimeVocabulary.OPEN_RANGES, head, reference);
        ranges.addAll(ranges(found, head));
        return longest(ranges).stream()
                .filter(words -> words.start() < MAX_CHARS && !words.span().isEmpty())
                .map(words -> expression(words, text))
                .toList();
    }

    /** Replaces full-width digits and points, one by one: ３．５年前. */
    private static String asciiDigits(String text) {
        if (text.chars().noneMatch(c -> FULL_WIDTH.indexOf(c) >= 0)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text);
        for (int i = 0; i < plain.length(); i++) {
            int digit = FULL_WIDTH.indexOf(plain.charAt(i));
            if (digit >= 0) {
                plain.setCharAt(i, ASCII.charAt(digit));
            }
        }
        return plain.toString();
    }

    /** Adds to the matches those that they make together with the words around them. */
    private static List<TimeMatch> joined(
            List<TimeMatch> found, List<AnchoredPhrase> joins, String text, LocalDate reference) {
        List<TimeMatch> joined = new ArrayList<>(found);
        for (TimeMatch anchor : found) {
            for (AnchoredPhrase join : joins) {
                if (!anchor.span().isEmpty()) {
                    joined.add(join.extend(anchor, text, reference));
                }
            }
        }
        return joined;
    }

    private static List<TimeMatch> ranges(List<TimeMatch> found, String text) {
        List<TimeMatch> ranges = new ArrayList<>();
        for (int i = 1; i < found.size(); i++) {
            for (RangePhrase range : TimeVocabulary.RANGES) {
                range.find(found.get(i - 1), found.get(i), text).ifPresent(ranges::add);
            }
        }
        return ranges;
    }

    /** The matches that do not overlap with a longer one, in order of appearance. */
    private static List<TimeMatch> longest(List<TimeMatch> candidates) {
        List<TimeMatch> chosen = new ArrayList<>();
        BitSet taken = new BitSet();
        candidates.stream()
                .sorted(Comparator.comparingInt(TimeMatch::length).reversed().thenComparingInt(TimeMatch::start))
                .forEach(candidate -> {
                    int next = taken.nextSetBit(candidate.start());
                    if (next < 0 || next >= candidate.end()) {
                        taken.set(candidate.start(), candidate.end());
                        chosen.add(candidate);
                    }
                });
        chosen.sort(Comparator.comparingInt(TimeMatch::start));
        return chosen;
    }

    private static TimeExpression expression(TimeMatch words, String text) {
        DateSpan span = words.span();
        return new TimeExpression(
                text.substring(words.start(), words.end()),
                words.start(),
                words.end(),
                span.from(),
                span.until(),
                span.precision(),
                span.relative());
    }
}
