package io.memos4j.core.language;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether two texts say the same, word for word. Every place that merges, folds or drops a text asks here.
 *
 * <p>Equal texts differ at most in what carries no meaning: white space, punctuation at the end, the width of
 * characters, the form of quotation marks, apostrophes, hyphens and minus signs, invisible characters, the case of
 * ordinary words, contractions, a comma before a function word, and interjections that punctuation sets off. Everything
 * else must be equal, in order: digits, signs, symbols, emoji, accents, punctuation inside, superscripts and fractions;
 * and the case of identifiers, acronyms, units, and words that mean something else with a capital
 * ({@link WordList#CASED_WORDS}). Likeness decides nothing here. Thread-safe.
 */
public final class TextEquality {
    /** An acronym has at most this many letters; a longer word in capitals is only loud. */
    private static final int LONGEST_ACRONYM = 4;

    /** The unit after a number has at most this many letters: 5 mW and 5 MW differ. */
    private static final int LONGEST_UNIT = 3;

    /** Longer texts are equal if they differ in forms of characters and the last point only. */
    private static final int LONGEST_READ = 500;

    private static final String INVISIBLE = "\u00ad\u200b\ufe0e\ufe0f\ufeff";
    private static final char FIRST_EAST_ASIAN = '\u2e80';
    private static final Pattern BLANKS_AT_HAN = Pattern.compile("(?<=\\p{IsHan}) | (?=\\p{IsHan})");
    private static final Pattern END =
            Pattern.compile("(?<=[^ ./\\\\*(])\\.$|(?<=[\\p{L}\\p{M}\"')\\]])(?:!+|…|\\.{3})$");
    private static final int LONGEST_END = 4;
    private static final Pattern INTERJECTION = Pattern.compile("^(\\p{L}+)[,.!…]+(?: |(?=\\p{IsHan}))");
    private static final Pattern LAST_INTERJECTION = Pattern.compile("(?:, |(?<=\\p{IsHan})(?=.$))(\\p{L}+)$");
    private static final String LETTERS = "\\p{L}[\\p{L}\\p{M}]*";
    private static final Pattern WORD =
            Pattern.compile("([\"'(\\[{]*)(" + LETTERS + "(?:['-]" + LETTERS + ")*+)([,;:.!?…)\\]}\"']*)");
    private static final Pattern JOINT = Pattern.compile("['-]");
    private static final Pattern TOKEN = Pattern.compile("[^\\s\\p{IsHan}]+");
    private static final String OPENING = "\"'([{";
    private static final String CLOSING = ",;:.!?…)]}\"'";
    private static final Pattern MEANS_SOMETHING = Pattern.compile("[\\p{L}\\p{N}\\p{S}/\\\\%&#@*]");
    private static final Pattern PAUSE = Pattern.compile("\\p{L}+,");

    private static final Set<String> FUNCTION_WORDS = LanguageRules.words(WordList.STOP_WORDS);
    private static final Set<String> FILLERS = LanguageRules.words(WordList.FILLERS);
    private static final Set<String> CASED_WORDS = LanguageRules.words(WordList.CASED_WORDS);
    private static final Map<String, String> CONTRACTIONS = LanguageRules.table(WordTable.CONTRACTIONS);

    private static final TextFunctionCache<String> KEYS = new TextFunctionCache<>(TextEquality::read);

    private TextEquality() {}

    /** Returns whether two texts say the same. In what names a secret, the case of every word counts. */
    public static boolean areEqual(String one, String other) {
        return one.equals(other)
                || key(one).equals(key(other))
                        && (foldForms(one).equals(foldForms(other))
                                || !LanguageRules.matches(PatternSet.NAMED_SECRET, one));
    }

    /**
     * Returns a form that equal texts share, to look them up. Depends on the installed language packs: not to be
     * stored.
     */
    public static String key(String text) {
        return KEYS.apply(text);
    }

    /**
     * Returns the parts of a text that must be the same wherever it is repeated in other words: numbers with their
     * signs and units, symbols, identifiers, acronyms. Does not depend on language packs.
     */
    public static Set<String> exactParts(String text) {
        Set<String> parts = new LinkedHashSet<>();
        Matcher token = TOKEN.matcher(foldForms(text));
        boolean head = true;
        while (token.find()) {
            String bare = bare(token.group());
            boolean ordinary = WORD.matcher(bare).matches() && (isOrdinary(bare) || head && bare.length() == 1);
            if (!ordinary && MEANS_SOMETHING.matcher(bare).find()) {
                parts.add(bare);
            }
            head = false;
        }
        return parts;
    }

    /**
     * Returns whether a repetition of a text in other words keeps all its numbers, symbols, identifiers and polarity.
     */
    public static boolean keepsExactParts(String repetition, String text) {
        return exactParts(text).containsAll(exactParts(repetition))
                && LanguageRules.matches(PatternSet.NEGATION, text)
                        == LanguageRules.matches(PatternSet.NEGATION, repetition);
    }

    private static String bare(String token) {
        int start = 0;
        int end = token.length();
        while (start < end && OPENING.indexOf(token.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && CLOSING.indexOf(token.charAt(end - 1)) >= 0) {
            end--;
        }
        return token.substring(start, end);
    }

    /** One form for characters with several, without invisible ones, in one line. */
    static String foldForms(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        StringBuilder folded = new StringBuilder(composed.length());
        boolean eastAsian = false;
        char last = ' ';
        for (int i = 0; i < composed.length(); i++) {
            char c = foldForm(composed.charAt(i));
            if (c == ' ' && last == ' ' || c > 0x7f && INVISIBLE.indexOf(c) >= 0) {
                continue;
            }
            folded.append(c);
            eastAsian |= c >= FIRST_EAST_ASIAN;
            last = c;
        }
        String line = folded.toString().strip();
        return eastAsian ? BLANKS_AT_HAN.matcher(line).replaceAll("") : line;
    }

    private static char foldForm(char c) {
        if (c < 0x80) {
            return c >= '\t' && c <= '\r' ? ' ' : c;
        }
        if (c >= '！' && c <= '～') {
            return (char) (c - '！' + '!');
        }
        return switch (c) {
            case '\u00a0', '\u202f', '\u3000' -> ' ';
            case '。' -> '.';
            case '“', '”', '„', '«', '»' -> '"';
            case '‘', '’', '‚', 'ʼ' -> '\'';
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2212', '\ufe63' -> '-';
            default -> c;
        };
    }

    private static String read(String text) {
        String line = foldForms(text);
        if (line.length() > LONGEST_READ) {
            Matcher end = END.matcher(line).region(line.length() - LONGEST_END, line.length());
            return end.useTransparentBounds(true).find() ? line.substring(0, end.start()) : line;
        }
        String[] tokens = withoutInterjections(line).split(" ");
        List<String> normal = new ArrayList<>(tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            boolean unit = i > 0 && Character.isDigit(tokens[i - 1].charAt(tokens[i - 1].length() - 1));
            boolean pause = i + 1 < tokens.length
                    && PAUSE.matcher(tokens[i]).matches()
                    && FUNCTION_WORDS.contains(tokens[i + 1]);
            String token = pause ? tokens[i].substring(0, tokens[i].length() - 1) : tokens[i];
            normal.add(normal(token, i == 0, unit));
        }
        return String.join(" ", normal);
    }

    private static String withoutInterjections(String line) {
        String rest = END.matcher(line).replaceFirst("");
        Matcher last = LAST_INTERJECTION.matcher(rest);
        if (last.find() && FILLERS.contains(last.group(1).toLowerCase(Locale.ROOT))) {
            rest = END.matcher(rest.substring(0, last.start())).replaceFirst("");
        }
        Matcher first = INTERJECTION.matcher(rest);
        while (first.find()
                && FILLERS.contains(first.group(1).toLowerCase(Locale.ROOT))
                && first.end() < rest.length()) {
            rest = rest.substring(first.end());
            first.reset(rest);
        }
        return rest;
    }

    private static String normal(String token, boolean head, boolean afterNumber) {
        Matcher word = WORD.matcher(token);
        if (!word.matches()) {
            return token;
        }
        String core = word.group(2);
        boolean unit = afterNumber && core.length() <= LONGEST_UNIT && !core.equals("I");
        boolean folds = head ? isOrdinary(core) || core.length() == 1 : isOrdinary(core) && !isCased(core) && !unit;
        if (!folds) {
            return token;
        }
        String lower = core.toLowerCase(Locale.ROOT);
        return word.group(1) + CONTRACTIONS.getOrDefault(lower, lower) + word.group(3);
    }

    /** Returns whether the case of a word carries no meaning: in lower case, with a capital, or loud. */
    private static boolean isOrdinary(String word) {
        return word.equals("I")
                || word.equals(word.toLowerCase(Locale.ROOT))
                || word.length() > 1 && JOINT.splitAsStream(word).allMatch(TextEquality::hasNoInnerCapital)
                || word.length() > LONGEST_ACRONYM && word.equals(word.toUpperCase(Locale.ROOT));
    }

    private static boolean hasNoInnerCapital(String part) {
        String rest = part.isEmpty() ? part : part.substring(1);
        return rest.equals(rest.toLowerCase(Locale.ROOT));
    }

    private static boolean isCased(String word) {
        return isCapitalized(word) && CASED_WORDS.contains(word.toLowerCase(Locale.ROOT));
    }

    private static boolean isCapitalized(String word) {
        return !word.isEmpty() && Character.isUpperCase(word.charAt(0));
    }
}
