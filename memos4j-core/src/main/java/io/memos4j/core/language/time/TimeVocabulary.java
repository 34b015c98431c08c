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

    /** The hint that any year is, such as 2019. */
    private static final String YEAR = "0000";

    /** The hint that a year after a point is, as in 24.12.2019. */
    private static final String DOTTED_YEAR = ".0000";

    private static final char FIRST_EAST_ASIAN = '\u2e80';

    private final List<TimePhrase> phrases;
    private final Set<String> hints = new HashSet<>();
    private final String hintCharacters;
    private final boolean hintedByYear;
    private final boolean hintedByDottedYear;

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
        this.hintedByYear = hints.remove(YEAR);
        this.hintedByDottedYear = hints.remove(DOTTED_YEAR);
        this.hintCharacters = characters.toString();
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

    /** Returns whether the text has a hint: a word, a character of a script without blanks, or a year. */
    private boolean canOccurIn(String text) {
        int start = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (c >= FIRST_EAST_ASIAN && hintCharacters.indexOf(c) >= 0) {
                return true;
            }
            if (c >= FIRST_EAST_ASIAN || !Character.isLetter(c)) {
                if (i > start + 1 && hints.contains(text.substring(start, i).toLowerCase(Locale.ROOT))) {
                    return true;
                }
                start = i + 1;
            }
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits == YEAR.length() && isHint(text, i - digits)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHint(String text, int beforeYear) {
        return hintedByYear || hintedByDottedYear && beforeYear >= 0 && text.charAt(beforeYear) == '.';
    }
}
