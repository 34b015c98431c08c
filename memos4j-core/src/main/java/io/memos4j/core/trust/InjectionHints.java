package io.memos4j.core.trust;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.RuleSet;
import io.memos4j.core.language.WordTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells by one pass over a text which rules of which languages may find something in it, so that few patterns are tried
 * on most texts.
 */
final class InjectionHints {
    /** The first character of the scripts without blanks. */
    private static final char UNSPACED = '\u2e80';

    /** The longest hint that must be a whole word, in spaced languages. */
    private static final int WHOLE = 3;

    private static final Map<Character, List<Hint>> BY_FIRST = new HashMap<>();

    /**
     * A beginning of words.
     *
     * @param kinds the kinds of rules that need it
     * @param telling whether it tells the language, because the fallback language has no such word
     */
    private record Hint(String start, LanguagePack pack, Set<String> kinds, boolean telling) {
        static Hint of(LanguagePack pack, String start, String kinds) {
            boolean ascii = start.chars().allMatch(c -> c < 0x80);
            LanguagePack fallback = LanguageRules.fallback();
            boolean telling = pack == fallback
                    || !ascii
                    || isWrittenInLatin(pack)
                            && fallback.table(WordTable.INJECTION_HINTS).keySet().stream()
                                    .noneMatch(word -> word.startsWith(start));
            return new Hint(start, pack, Set.of(kinds.split(" ")), telling);
        }

        boolean standsAt(String text, int at) {
            int end = at + start.length();
            return text.regionMatches(true, at, start, 0, start.length())
                    && (start.length() > WHOLE
                            || start.charAt(0) >= UNSPACED
                            || end == text.length()
                            || !isSpacedLetter(text.charAt(end)));
        }
    }

    static {
        LanguageRules.packs().stream()
                .filter(pack -> !pack.rules(RuleSet.INJECTION_ORDERS).isEmpty())
                .forEach(pack -> pack.table(WordTable.INJECTION_HINTS)
                        .forEach((start, kinds) -> BY_FIRST.computeIfAbsent(start.charAt(0), first -> new ArrayList<>())
                                .add(Hint.of(pack, start, kinds))));
    }

    /** Texts up to this length, in UTF-16 units, are tried as a whole. */
    private static final int SHORT = 600;

    /** The units before and after a hint that are tried in longer texts. */
    private static final int AROUND = 200;

    private InjectionHints() {}

    /**
     * The part of a text to try rules on.
     *
     * @param text the surroundings of its hints, one after the other
     * @param kinds the kinds of rules to try, by language
     */
    record Hinted(String text, Map<LanguagePack, Set<String>> kinds) {}

    /** Finds the hints of a text. */
    static Hinted find(String text) {
        Map<LanguagePack, Set<String>> found = new LinkedHashMap<>();
        Set<LanguagePack> told = new HashSet<>();
        StringBuilder surroundings = new StringBuilder();
        int until = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = Character.toLowerCase(text.charAt(i));
            boolean spaced = c < UNSPACED;
            if (!inWord || !spaced) {
                for (Hint hint : BY_FIRST.getOrDefault(c, List.of())) {
                    if (hint.standsAt(text, i)) {
                        found.computeIfAbsent(hint.pack, pack -> new HashSet<>())
                                .addAll(hint.kinds);
                        if (hint.telling) {
                            told.add(hint.pack);
                        }
                        int from = Math.max(until, i - AROUND);
                        surroundings.append(from > until ? "\n" : "");
                        until = Math.max(until, Math.min(text.length(), i + AROUND));
                        surroundings.append(text, Math.min(from, until), until);
                    }
                }
            }
            inWord = spaced && Character.isLetterOrDigit(c);
        }
        found.keySet().retainAll(told);
        return new Hinted(text.length() <= SHORT ? text : surroundings.toString(), found);
    }

    private static boolean isWrittenInLatin(LanguagePack pack) {
        return pack.table(WordTable.INJECTION_HINTS).keySet().stream().noneMatch(start -> start.charAt(0) >= UNSPACED);
    }

    private static boolean isSpacedLetter(char c) {
        return c < UNSPACED && Character.isLetter(c);
    }
}
