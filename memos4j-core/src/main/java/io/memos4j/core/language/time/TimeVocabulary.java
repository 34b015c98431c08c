package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.RuleSet;
import io.memos4j.core.language.WordList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * The expressions of time of one language, and the words without which a text holds none: most texts hold none, and one
 * pass over their words tells that sooner than the patterns do.
 */
final class TimeVocabulary {
    private static final List<TimeVocabulary> INSTALLED =
            LanguageRules.packs().stream().map(TimeVocabulary::new).toList();

    static final List<AnchoredPhrase> JOINS = all(pack -> AnchoredPhrase.of(pack, RuleSet.TIME_JOINS));
    static final List<AnchoredPhrase> OPEN_RANGES = all(pack -> AnchoredPhrase.of(pack, RuleSet.TIME_OPEN_RANGES));
    static final List<RangePhrase> RANGES = all(RangePhrase::of);

    /** The digits of a year. */
    private static final int YEAR_DIGITS = 4;

    private final List<TimePhrase> phrases;
    private final Set<String> hints = new HashSet<>();
    private final String hintCharacters;
    private final int longestHint;

    private TimeVocabulary(LanguagePack pack) {
        this.phrases = TimePhrase.of(pack);
        StringBuilder characters = new StringBuilder();
        for (String hint : pack.words(WordList.TIME_HINTS)) {
            if (hint.length() == 1) {
                characters.append(hint);
            } else {
                hints.add(hint);
            }
        }
        this.hintCharacters = characters.toString();
        this.longestHint = hints.stream().mapToInt(String::length).max().orElse(0);
    }

    private static <T> List<T> all(Function<LanguagePack, List<T>> rules) {
        return LanguageRules.packs().stream()
                .map(rules)
                .flatMap(Collection::stream)
                .toList();
    }

    /** The phrases of the languages of which a text can hold expressions of time. */
    static List<TimePhrase> phrasesFor(String text) {
        return INSTALLED.stream()
                .filter(language -> language.canOccurIn(text))
                .flatMap(language -> language.phrases.stream())
                .toList();
    }

    /** Hints are words of ASCII letters, or single characters of other scripts. */
    private boolean canOccurIn(String text) {
        int start = -1;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            boolean letter = c < 128 && Character.isLetter(c);
            if (letter && start < 0) {
                start = i;
            } else if (!letter && start >= 0) {
                if (i - start <= longestHint
                        && hints.contains(text.substring(start, i).toLowerCase(Locale.ROOT))) {
                    return true;
                }
                start = -1;
            }
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits == YEAR_DIGITS || (c > 0x7f && hintCharacters.indexOf(c) >= 0)) {
                return true;
            }
        }
        return false;
    }
}
