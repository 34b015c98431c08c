package io.memos4j.core.language;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text that carry content, for comparing texts with each other: lower case, without function words,
 * English endings taken off roughly; Chinese as pairs of characters. Not for ranking: the index has an analyzer of its
 * own.
 */
public final class ContentWords {
    private static final String OTHER = "[\\p{L}\\p{N}&&[^\\p{IsHan}]]+";

    /** Possessive at the end: else the stack would have to be as deep as a token has parts. */
    private static final Pattern TOKEN =
            Pattern.compile("\\p{IsHan}+|" + OTHER + "(?:['’._/:@-]" + OTHER + ")*+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Set<String> FUNCTION_WORDS =
            Set.of(("a an and are as at be been being but by can could did do does doing done for from"
                            + " get got had has have having he her hers him his how i if in into is it its just me may might mine my need no not of on"
                            + " or our ours shall she should so some such than that the their theirs them then there these they this those to too us"
                            + " very was we were what when where which who whom whose why will with would you your yours all also any about after"
                            + " before please want like really still ok okay yes yeah remember note know")
                    .split(" "));

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
            int[] characters = token.codePoints().toArray();
            for (int i = 0; i + 1 < characters.length; i++) {
                words.add(new String(characters, i, 2));
            }
            if (characters.length == 1) {
                words.add(token);
            }
        } else if (!FUNCTION_WORDS.contains(token)) {
            words.add(stem(token));
        }
    }

    /** Takes one English ending off; only meant to make "moves", "moved" and "moving" equal. */
    static String stem(String word) {
        String bare = word.endsWith("'s") || word.endsWith("’s") ? word.substring(0, word.length() - 2) : word;
        for (String ending : new String[] {"ing", "ion", "ies", "ed", "es", "s", "ly", "e"}) {
            if (bare.endsWith(ending) && bare.length() - ending.length() >= 3 && !bare.endsWith("ss")) {
                return single(bare.substring(0, bare.length() - ending.length()));
            }
        }
        return bare;
    }

    /** Without the consonant that an ending doubled: "logg" of "logging" is "log". */
    private static String single(String stem) {
        int last = stem.length() - 1;
        boolean doubled =
                last >= 3 && stem.charAt(last) == stem.charAt(last - 1) && "bdgmnprt".indexOf(stem.charAt(last)) >= 0;
        return doubled ? stem.substring(0, last) : stem;
    }

    /** The share of {@code part}'s words that {@code whole} has too; 0 if it has none. */
    public static double coverage(Set<String> part, Set<String> whole) {
        return part.isEmpty()
                ? 0
                : (double) part.stream().filter(whole::contains).count() / part.size();
    }
}
