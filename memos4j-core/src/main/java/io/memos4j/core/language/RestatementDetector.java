package io.memos4j.core.language;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Whether two texts are one sentence with another value in one place: "The office is in Lyon", "The office is in
 * Paris".
 */
public final class RestatementDetector {
    /** Longer texts say more than one thing. */
    private static final int LONGEST = 300;

    /** The share of tokens that must be equal: less leaves too little of a sentence to be the same one. */
    private static final double COMMON = 0.45;

    private static final Pattern TOKEN = Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}][\\p{L}\\p{N}./:@#$%+_-]*");

    private static final TextFunctionCache<List<String>> TOKENS = new TextFunctionCache<>(RestatementDetector::tokens);

    private RestatementDetector() {}

    /** What somebody did once is done once more with another object, and both happened. */
    private static final Pattern EVENT = Pattern.compile(
            "^(?:(?:so|and|well|yes|today|yesterday|then)[, ]+)*(?:i|we|he|she|they)\\s+(?:\\p{L}+ly\\s+)?(?!moved|changed|switched|renamed|updated)"
                    + "(?:\\p{L}+ed|had|went|saw|bought|ate|met|took|got|made|did|gave|ran|read|wrote|won|lost|came|left|spent|felt|found"
                    + "|drank|flew|drove|swam|was|were)\\b",
            Pattern.CASE_INSENSITIVE);

    /** Whether {@code b} says what {@code a} says but for one run of words, which neither lacks. */
    public static boolean differInOneValue(String a, String b) {
        if (a.length() > LONGEST
                || b.length() > LONGEST
                || EVENT.matcher(a.strip()).find()) {
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
