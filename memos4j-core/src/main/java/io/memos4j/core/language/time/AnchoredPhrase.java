package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRule;
import io.memos4j.core.language.RuleNames;
import io.memos4j.core.language.RuleSet;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that change the meaning of the expression beside them, their anchor: "two weeks before".
 *
 * @param leads whether the words stand before the anchor; they follow it otherwise
 * @param anchors the precisions that the anchor may have
 */
record AnchoredPhrase(
        LanguagePack pack, Pattern pattern, boolean leads, Set<TimePrecision> anchors, JoinMeaning meaning) {
    /** The longest words that a join may add to its anchor. */
    private static final int MAX_DISTANCE = 60;

    /** The joins of a language. A key names the meaning, the side, and what the anchor must be. */
    static List<AnchoredPhrase> of(LanguagePack pack, RuleSet set) {
        return pack.rules(set).stream().map(rule -> of(pack, rule)).toList();
    }

    private static AnchoredPhrase of(LanguagePack pack, LanguageRule rule) {
        String[] key = rule.key().split(" ");
        if (key.length < 2 || !(key[1].equals("before") || key[1].equals("after"))) {
            throw new IllegalStateException("Language pack " + rule.origin()
                    + ": The key must be of the form 'rule before|after [precision]', not '" + rule.key() + "'.");
        }
        boolean leads = key[1].equals("before");
        String regex = rule.pattern().pattern();
        return new AnchoredPhrase(
                pack,
                Pattern.compile(leads ? regex + "\\z" : "\\A" + regex, Pattern.CASE_INSENSITIVE),
                leads,
                key.length == 2
                        ? EnumSet.allOf(TimePrecision.class)
                        : EnumSet.of(RuleNames.find(TimePrecision.values(), key[2], "rule", rule.origin())),
                RuleNames.find(JoinMeaning.values(), key[0], "rule", rule.origin()));
    }

    /** Extends an anchor by the words beside it; returns the anchor if they are not there. */
    TimeMatch extend(TimeMatch anchor, String text, LocalDate reference) {
        if (!anchors.contains(anchor.span().precision())) {
            return anchor;
        }
        Matcher matcher = pattern.matcher(text).useTransparentBounds(true);
        if (leads) {
            matcher.region(Math.max(0, anchor.start() - MAX_DISTANCE), anchor.start());
        } else {
            matcher.region(anchor.end(), Math.min(text.length(), anchor.end() + MAX_DISTANCE));
        }
        if (!matcher.find()) {
            return anchor;
        }
        int start = leads ? matcher.start() : anchor.start();
        int end = leads ? anchor.end() : matcher.end();
        DateSpan span =
                DateSpan.orEmpty(() -> meaning.resolve(new CapturedGroups(matcher, pack), anchor.span(), reference));
        return new TimeMatch(start, end, span);
    }
}
