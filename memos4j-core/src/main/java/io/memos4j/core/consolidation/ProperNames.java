package io.memos4j.core.consolidation;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.SentenceSplitter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds proper names in a text by form: capitalized words in the middle of a sentence. */
final class ProperNames {
    private static final Pattern NAME = Pattern.compile(
            "(?<=[\\p{L}\\p{N},;:)] )\\p{Lu}[\\p{L}\\p{N}'’-]{2,40}(?: \\p{Lu}[\\p{L}\\p{N}'’-]{1,40}){0,3}");

    private ProperNames() {}

    /** Returns the distinct names in order; none for a text in all capitals. */
    static Set<String> find(String text) {
        Set<String> names = new LinkedHashSet<>();
        if (text.equals(text.toUpperCase(Locale.ROOT))) {
            return names;
        }
        for (String sentence : SentenceSplitter.split(text)) {
            Matcher matcher = NAME.matcher(sentence);
            while (matcher.find()) {
                String name = LanguageRules.withoutPossessive(matcher.group());
                if (name.length() > 2 && !isCommon(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static boolean isCommon(String name) {
        return LanguageRules.packs().stream()
                .flatMap(pack -> pack.patterns(PatternSet.COMMON_NAME).stream())
                .anyMatch(common -> common.matcher(name).matches());
    }
}
