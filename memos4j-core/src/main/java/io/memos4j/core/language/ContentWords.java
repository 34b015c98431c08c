package io.memos4j.core.language;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads the words of a text that carry content, to compare texts with each other: lower case, without stop words and
 * endings; Chinese as pairs of characters. Not for ranking by words: the index has an analyzer of its own.
 */
public final class ContentWords {
    private static final String OTHER = "[\\p{L}\\p{N}&&[^\\p{IsHan}]]+";

    /** Possessive at the end: else the stack would have to be as deep as a token has parts. */
    private static final Pattern TOKEN =
            Pattern.compile("\\p{IsHan}+|" + OTHER + "(?:['’._/:@-]" + OTHER + ")*+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Set<String> STOP_WORDS = LanguageRules.words(WordList.STOP_WORDS);

    private ContentWords() {}

    /** The content words, in order of appearance. */
    public static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        Matcher token = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
        while (token.find()) {
            add(words, token.group());
        }
        return words;
    }

    private static void add(Set<String> words, String token) {
        if (Character.isIdeographic(token.codePointAt(0))) {
            words.addAll(pairs(token));
        } else if (!STOP_WORDS.contains(token)) {
            words.add(LanguageRules.stem(token));
        }
    }

    /** The neighboring characters of a script without spaces, two by two; a single character where it stands alone. */
    public static List<String> pairs(String run) {
        int[] characters = run.codePoints().toArray();
        return characters.length == 1
                ? List.of(run)
                : IntStream.range(1, characters.length)
                        .mapToObj(i -> new String(characters, i - 1, 2))
                        .toList();
    }

    /** The share of {@code part}'s words that {@code whole} has too; 0 if it has none. */
    public static double coverage(Set<String> part, Set<String> whole) {
        return part.isEmpty()
                ? 0
                : (double) part.stream().filter(whole::contains).count() / part.size();
    }
}
