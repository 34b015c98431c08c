package io.memos4j.core.trust;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.WordList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells by one pass over a text in which languages it may try to instruct a model, so that patterns are tried on few
 * texts.
 */
final class InjectionHints {
    /** The first character of the scripts without blanks. */
    private static final char UNSPACED = '\u2e80';

    private static final Map<Character, List<Hint>> BY_FIRST = new HashMap<>();

    /** The packs that know such texts. */
    static final List<LanguagePack> PACKS = LanguageRules.packs().stream()
            .filter(pack -> pack.has(PatternSet.INJECTION))
            .toList();

    /** The longest hint that must be a whole word, in spaced languages. */
    private static final int WHOLE = 3;

    private record Hint(String start, LanguagePack pack) {
        boolean standsAt(String text, int at) {
            int end = at + start.length();
            return text.regionMatches(true, at, start, 0, start.length())
                    && (start.length() > WHOLE
                            || start.charAt(0) >= UNSPACED
                            || end == text.length()
                            || !isLatinLetter(text.charAt(end)));
        }
    }

    static {
        for (LanguagePack pack : PACKS) {
            for (String start : pack.words(WordList.INJECTION_HINTS)) {
                BY_FIRST.computeIfAbsent(start.charAt(0), first -> new ArrayList<>())
                        .add(new Hint(start, pack));
            }
        }
    }

    private InjectionHints() {}

    /** Returns the languages of which a text holds a hint. */
    static Set<LanguagePack> languagesIn(String text) {
        Set<LanguagePack> found = Set.of();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = Character.toLowerCase(text.charAt(i));
            boolean spaced = c < UNSPACED;
            if (!inWord || !spaced) {
                for (Hint hint : BY_FIRST.getOrDefault(c, List.of())) {
                    if (!found.contains(hint.pack) && hint.standsAt(text, i)) {
                        found = new LinkedHashSet<>(found);
                        found.add(hint.pack);
                    }
                }
            }
            inWord = spaced && Character.isLetterOrDigit(c);
        }
        return found;
    }

    private static boolean isLatinLetter(char c) {
        return c < UNSPACED && Character.isLetter(c);
    }
}
