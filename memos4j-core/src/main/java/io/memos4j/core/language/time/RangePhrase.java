package io.memos4j.core.language.time;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way of saying a range by its first and last part.
 *
 * @param open the words before the first part, possibly none
 * @param link the words between the parts
 */
record RangePhrase(Pattern open, Pattern link) {
    private static final int REACH = 12;

    static RangePhrase of(String open, String link) {
        return new RangePhrase(TimePhrase.compile(open + "\\z"), TimePhrase.compile(link));
    }

    /** The range of two neighbours, if the words around them make it one and it runs forwards. */
    Optional<TimeMatch> find(TimeMatch first, TimeMatch last, String text) {
        if (first.span().isEmpty() || last.span().isEmpty() || last.start() - first.end() > REACH) {
            return Optional.empty();
        }
        Matcher opening =
                open.matcher(text).useTransparentBounds(true).region(Math.max(0, first.start() - REACH), first.start());
        if (!link.matcher(text).region(first.end(), last.start()).matches() || !opening.find()) {
            return Optional.empty();
        }
        DateSpan span = DateSpan.orEmpty(() -> first.span().to(last.span()));
        return span.isEmpty() ? Optional.empty() : Optional.of(new TimeMatch(opening.start(), last.end(), span));
    }
}
