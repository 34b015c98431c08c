package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Finds the expressions of time in English and Chinese text and resolves them against a reference date.
 *
 * <p>Words that leave the year or the week open ("May 7th", "in May", "on Friday") mean the latest such time that is not after the
 * reference; of a month, the latest that has begun. Weeks begin on Monday, and what is counted in weeks, months or years means a
 * whole one: "two weeks ago" is the calendar week that holds that day. A preposition that does not change the days is left out: "in
 * May" yields "May", but "since May" stays whole. Names of months that are also words ("may", "march") need a preposition, or a
 * capital letter inside a sentence.
 *
 * <p>The class has no state: it is safe to use from several threads and does not depend on the locale.
 */
public final class TimeExpressions {
    /** How much of a text is read, in UTF-16 units: what begins after that is not found. */
    static final int READ = 10_000;

    /** No expression is longer. */
    private static final int LONGEST = 300;

    private static final List<Join> JOINS = Stream.of(EnglishJoins.JOINS, ChineseTime.JOINS)
            .flatMap(Collection::stream)
            .toList();
    private static final List<Join> OPEN_RANGES = Stream.of(EnglishJoins.OPEN_RANGES, ChineseTime.OPEN_RANGES)
            .flatMap(Collection::stream)
            .toList();
    private static final List<Range> RANGES = Stream.of(EnglishJoins.RANGES, ChineseTime.RANGES)
            .flatMap(Collection::stream)
            .toList();

    private TimeExpressions() {}

    /**
     * The expressions in order of appearance, without overlap; of those that overlap, the longest. Dates that do not exist are left
     * out. Only the first 10,000 UTF-16 units of the text are read, so the effort is bounded.
     *
     * @param reference the day on which the text was written or is read, to which "today" refers
     */
    public static List<TimeExpression> find(String text, LocalDate reference) {
        String head = text.substring(0, Math.min(text.length(), READ + LONGEST));
        List<Found> phrases = new ArrayList<>();
        if (Hints.ofEnglish(head)) {
            phrases.addAll(phrases(EnglishTime.PHRASES, head, reference));
        }
        if (Hints.ofChinese(head)) {
            phrases.addAll(phrases(ChineseTime.PHRASES, head, reference));
        }
        if (phrases.isEmpty()) {
            return List.of();
        }
        List<Found> found = longest(phrases);
        found = longest(joined(found, JOINS, head, reference));
        List<Found> ranges = joined(found, OPEN_RANGES, head, reference);
        ranges.addAll(ranges(found, head));
        return longest(ranges).stream()
                .filter(words -> words.start() < READ && !words.span().isEmpty())
                .map(words -> expression(words, head))
                .toList();
    }

    private static List<Found> phrases(List<Phrase> phrases, String text, LocalDate reference) {
        List<Found> found = new ArrayList<>();
        for (Phrase phrase : phrases) {
            Matcher matcher = phrase.pattern().matcher(text);
            while (matcher.find()) {
                Span span = phrase.read(new Words(matcher), reference);
                found.add(new Found(matcher.start(), matcher.end(), span));
            }
        }
        return found;
    }

    /** What was found, and what it makes together with the words around it. */
    private static List<Found> joined(List<Found> found, List<Join> joins, String text, LocalDate reference) {
        List<Found> joined = new ArrayList<>(found);
        for (Found anchor : found) {
            for (Join join : joins) {
                if (!anchor.span().isEmpty()) {
                    joined.add(join.extend(anchor, text, reference));
                }
            }
        }
        return joined;
    }

    private static List<Found> ranges(List<Found> found, String text) {
        List<Found> ranges = new ArrayList<>();
        for (int i = 1; i < found.size(); i++) {
            for (Range range : RANGES) {
                range.find(found.get(i - 1), found.get(i), text).ifPresent(ranges::add);
            }
        }
        return ranges;
    }

    /** In order of appearance, those that do not overlap with a longer one. */
    private static List<Found> longest(List<Found> candidates) {
        List<Found> chosen = new ArrayList<>();
        BitSet taken = new BitSet();
        candidates.stream()
                .sorted(Comparator.comparingInt(Found::length).reversed().thenComparingInt(Found::start))
                .forEach(candidate -> {
                    int next = taken.nextSetBit(candidate.start());
                    if (next < 0 || next >= candidate.end()) {
                        taken.set(candidate.start(), candidate.end());
                        chosen.add(candidate);
                    }
                });
        chosen.sort(Comparator.comparingInt(Found::start));
        return chosen;
    }

    private static TimeExpression expression(Found words, String text) {
        Span span = words.span();
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
