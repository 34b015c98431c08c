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
 * <p>Words that leave the year or the week open ("May 7th", "in May", "on Friday") mean the latest such time that is
 * not after the reference; of a month, the latest that has begun. Weeks begin on Monday, and what is counted in weeks,
 * months or years means a whole one: "two weeks ago" is the calendar week that holds that day. A preposition that does
 * not change the days is left out: "in May" yields "May", but "since May" stays whole. Names of months that are also
 * words ("may", "march") need a preposition, or a capital letter inside a sentence.
 *
 * <p>The class has no state: it is safe to use from several threads and does not depend on the locale.
 */
public final class TimeExpressionFinder {
    /** How much of a text is read, in UTF-16 units: what begins after that is not found. */
    static final int READ = 10_000;

    /** No expression is longer. */
    private static final int LONGEST = 300;

    private static final List<AnchoredPhrase> JOINS = Stream.of(EnglishAnchoredPhrases.JOINS, ChineseTimePhrases.JOINS)
            .flatMap(Collection::stream)
            .toList();
    private static final List<AnchoredPhrase> OPEN_RANGES = Stream.of(
                    EnglishAnchoredPhrases.OPEN_RANGES, ChineseTimePhrases.OPEN_RANGES)
            .flatMap(Collection::stream)
            .toList();
    private static final List<RangePhrase> RANGES = Stream.of(EnglishAnchoredPhrases.RANGES, ChineseTimePhrases.RANGES)
            .flatMap(Collection::stream)
            .toList();

    private TimeExpressionFinder() {}

    /**
     * The expressions in order of appearance, without overlap; of those that overlap, the longest. Dates that do not
     * exist are left out. Only the first 10,000 UTF-16 units of the text are read, so the effort is bounded.
     *
     * @param reference the day on which the text was written or is read, to which "today" refers
     */
    public static List<TimeExpression> find(String text, LocalDate reference) {
        String head = text.substring(0, Math.min(text.length(), READ + LONGEST));
        List<TimeMatch> phrases = new ArrayList<>();
        if (TimeHints.ofEnglish(head)) {
            phrases.addAll(phrases(EnglishTimePhrases.PHRASES, head, reference));
        }
        if (TimeHints.ofChinese(head)) {
            phrases.addAll(phrases(ChineseTimePhrases.PHRASES, head, reference));
        }
        if (phrases.isEmpty()) {
            return List.of();
        }
        List<TimeMatch> found = longest(phrases);
        found = longest(joined(found, JOINS, head, reference));
        List<TimeMatch> ranges = joined(found, OPEN_RANGES, head, reference);
        ranges.addAll(ranges(found, head));
        return longest(ranges).stream()
                .filter(words -> words.start() < READ && !words.span().isEmpty())
                .map(words -> expression(words, head))
                .toList();
    }

    private static List<TimeMatch> phrases(List<TimePhrase> phrases, String text, LocalDate reference) {
        List<TimeMatch> found = new ArrayList<>();
        for (TimePhrase phrase : phrases) {
            Matcher matcher = phrase.pattern().matcher(text);
            while (matcher.find()) {
                DateSpan span = phrase.read(new CapturedGroups(matcher), reference);
                found.add(new TimeMatch(matcher.start(), matcher.end(), span));
            }
        }
        return found;
    }

    /** What was found, and what it makes together with the words around it. */
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
            for (RangePhrase range : RANGES) {
                range.find(found.get(i - 1), found.get(i), text).ifPresent(ranges::add);
            }
        }
        return ranges;
    }

    /** In order of appearance, those that do not overlap with a longer one. */
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
