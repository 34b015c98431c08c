package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way of saying a time by another: "two weeks before" and an expression that is already found, its anchor.
 *
 * @param leads whether the words stand before the anchor; they follow it otherwise
 * @param anchors what the anchor may be
 */
record AnchoredPhrase(Pattern pattern, boolean leads, Set<TimePrecision> anchors, Meaning meaning) {
    /** The longest words that a join may add to its anchor. */
    private static final int REACH = 60;

    /** Turns the words and the days of their anchor into other days, like {@link TimePhrase.Meaning}. */
    @FunctionalInterface
    interface Meaning {
        DateSpan of(CapturedGroups words, DateSpan anchor, LocalDate reference);
    }

    static AnchoredPhrase before(Set<TimePrecision> anchors, String expression, Meaning meaning) {
        return new AnchoredPhrase(TimePhrase.compile(expression + "\\z"), true, anchors, meaning);
    }

    static AnchoredPhrase after(Set<TimePrecision> anchors, String expression, Meaning meaning) {
        return new AnchoredPhrase(TimePhrase.compile("\\A" + expression), false, anchors, meaning);
    }

    /** The expression around an anchor; without the words for it, the anchor. */
    TimeMatch extend(TimeMatch anchor, String text, LocalDate reference) {
        if (!anchors.contains(anchor.span().precision())) {
            return anchor;
        }
        Matcher matcher = pattern.matcher(text).useTransparentBounds(true);
        if (leads) {
            matcher.region(Math.max(0, anchor.start() - REACH), anchor.start());
        } else {
            matcher.region(anchor.end(), Math.min(text.length(), anchor.end() + REACH));
        }
        if (!matcher.find()) {
            return anchor;
        }
        int start = leads ? matcher.start() : anchor.start();
        int end = leads ? anchor.end() : matcher.end();
        DateSpan span = DateSpan.orEmpty(() -> meaning.of(new CapturedGroups(matcher), anchor.span(), reference));
        return new TimeMatch(start, end, span);
    }
}
