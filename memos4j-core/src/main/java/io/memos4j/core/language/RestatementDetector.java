package io.memos4j.core.language;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Recognizes two texts that are one sentence with another value in one place: "The office is in Lyon", "… in Paris".
 */
public final class RestatementDetector {
    /** Longer texts say more than one thing. */
    private static final int LONGEST = 300;

    /** The share of tokens that must be equal: less leaves too little of a sentence to be the same one. */
    private static final double COMMON = 0.45;

    private static final Pattern TOKEN = Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}][\\p{L}\\p{N}./:@#$%+_-]*");

    private static final TextFunctionCache<List<String>> TOKENS = new TextFunctionCache<>(RestatementDetector::tokens);

    private RestatementDetector() {}

    /**
     * Returns whether {@code b} says what {@code a} says but for one run of words, which neither lacks. Two events are
     * no restatement: doing something again with another object replaces nothing.
     */
    public static boolean differInOneValue(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST || LanguageRules.matches(PatternSet.PAST_EVENT, a.strip())) {
            return false;
        }
        List<String> first = TOKENS.apply(a);
        List<String> second = TOKENS.apply(b);
        int shorter = Math.min(first.size(), second.size());
        int head = 0;
        while (head < shorter && first.get(head).equals(second.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && first.get(first.size() - 1 - tail).equals(second.get(second.size() - 1 - tail))) {
            tail++;
        }
        boolean bothHaveValues = first.size() > head + tail && second.size() > head + tail;
        return bothHaveValues && head + tail >= COMMON * Math.max(first.size(), second.size());
    }

    private static List<String> tokens(String text) {
        return TOKEN.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .map(token -> token.replaceAll("[./:-]+$", ""))
                .toList();
    }
}
