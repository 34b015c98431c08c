package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRule;
import io.memos4j.core.language.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A wording of a range by its first and last part.
 *
 * @param open the words before the first part, possibly none
 * @param link the words between the parts
 */
record RangePhrase(Pattern open, Pattern link) {
    private static final int MAX_DISTANCE = 12;

    /** The ranges of a language: rules {@code between} and {@code and}, by turns. */
    static List<RangePhrase> of(LanguagePack pack) {
        List<LanguageRule> rules = pack.rules(RuleSet.TIME_RANGES);
        List<RangePhrase> ranges = new ArrayList<>();
        for (int i = 0; i < rules.size(); i += 2) {
            if (i + 1 == rules.size()
                    || !rules.get(i).key().equals("between")
                    || !rules.get(i + 1).key().equals("and")) {
                throw new IllegalStateException("Language pack " + rules.get(i).origin()
                        + ": [rules time-ranges] holds pairs of 'between' and 'and', in this order.");
            }
            String open = rules.get(i).pattern().pattern() + "\\z";
            ranges.add(new RangePhrase(
                    Pattern.compile(open, Pattern.CASE_INSENSITIVE),
                    rules.get(i + 1).pattern()));
        }
        return ranges;
    }

    /** The range of two neighbors, if the words around them make it one and it runs forward. */
    Optional<TimeMatch> find(TimeMatch first, TimeMatch last, String text) {
        if (first.span().isEmpty() || last.span().isEmpty() || last.start() - first.end() > MAX_DISTANCE) {
            return Optional.empty();
        }
        Matcher opening = open.matcher(text)
                .useTransparentBounds(true)
                .region(Math.max(0, first.start() - MAX_DISTANCE), first.start());
        if (!link.matcher(text).region(first.end(), last.start()).matches() || !opening.find()) {
            return Optional.empty();
        }
        DateSpan span = DateSpan.orEmpty(() -> first.span().to(last.span()));
        return span.isEmpty() ? Optional.empty() : Optional.of(new TimeMatch(opening.start(), last.end(), span));
    }
}
