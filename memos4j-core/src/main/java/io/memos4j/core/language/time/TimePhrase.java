package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRule;
import io.memos4j.core.language.RuleNames;
import io.memos4j.core.language.RuleSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression of time that stands alone: its wording in one language, and its meaning. */
record TimePhrase(LanguagePack pack, Pattern pattern, PhraseMeaning meaning) {
    /** The phrases of a language. */
    static List<TimePhrase> of(LanguagePack pack) {
        return pack.rules(RuleSet.TIME_PHRASES).stream()
                .map(rule -> new TimePhrase(pack, rule.pattern(), meaning(rule)))
                .toList();
    }

    private static PhraseMeaning meaning(LanguageRule rule) {
        return RuleNames.find(PhraseMeaning.values(), rule.key(), "rule", rule.origin());
    }

    List<TimeMatch> find(String text, LocalDate reference) {
        List<TimeMatch> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            DateSpan span = DateSpan.orEmpty(() -> meaning.resolve(new CapturedGroups(matcher, pack), reference));
            found.add(new TimeMatch(matcher.start(), matcher.end(), span));
        }
        return found;
    }
}
