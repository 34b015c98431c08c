package io.memos4j.core.consolidation;

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

    private static final Pattern POSSESSIVE = Pattern.compile("['’]s$");

    /** Words that are always capitalized and too common to relate items. */
    private static final Pattern COMMON = Pattern.compile(
            "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|May|June|July|August|September"
                    + "|October|November|December|English|Christmas|Mom|Dad|God|I['’]\\p{L}+");

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
                String name = POSSESSIVE.matcher(matcher.group()).replaceFirst("");
                if (name.length() > 2 && !COMMON.matcher(name).matches()) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
