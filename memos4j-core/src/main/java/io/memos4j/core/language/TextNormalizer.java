package io.memos4j.core.language;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Brings texts into plain forms. Most of them drop symbols, so they find texts that are alike; {@link TextEquality}
 * decides whether two are the same. What {@link #withoutPunctuation} and {@link #withoutQuotes} return goes into stored
 * fingerprints: they must never change.
 */
public final class TextNormalizer {
    private static final Pattern PUNCTUATION = Pattern.compile("[\\s\\p{Punct}]+");
    private static final Pattern QUOTES = Pattern.compile("[\\s\"“”]+");
    private static final Pattern NO_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern MARKS = Pattern.compile("[\\u0300-\\u036f]+");

    private TextNormalizer() {}

    /** Lower case, runs of blanks and ASCII punctuation as one blank. Stored. */
    public static String withoutPunctuation(String text) {
        return PUNCTUATION
                .matcher(text.toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    /** Lower case, runs of blanks and double quotes as one blank, straight apostrophes. Stored. */
    public static String withoutQuotes(String text) {
        return QUOTES.matcher(text.toLowerCase(Locale.ROOT).replace('’', '\''))
                .replaceAll(" ")
                .strip();
    }

    /** Compatibility forms, lower case, nothing but letters, digits and single blanks. */
    public static String wordsOnly(String text) {
        return NO_WORDS.matcher(compatible(text).toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    /** One line, with single blanks. */
    public static String singleLine(String text) {
        return BLANKS.matcher(text).replaceAll(" ").strip();
    }

    /** Unicode's compatibility form: full width to half width, ligatures to letters. */
    public static String compatible(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    /** The compatibility form without accents. */
    public static String withoutAccents(String text) {
        String apart = Normalizer.normalize(compatible(text), Normalizer.Form.NFD);
        return Normalizer.normalize(MARKS.matcher(apart).replaceAll(""), Normalizer.Form.NFC);
    }
}
