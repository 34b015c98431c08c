package io.memos4j.core.language;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Normalizes the numbers of a text to one notation: {@code 1,000}, {@code 1000.0} and {@code 一千} are all {@code 1000}.
 * Thread-safe.
 */
public final class NumberNormalizer {
    /** A sign follows no letter, digit or bracket, else it is a hyphen: SR-2023-045. */
    private static final Pattern DIGITS =
            Pattern.compile("(?<sign>(?<![\\p{L}\\p{N}\\p{Pe}\\-])[-\u2212]\\p{Sc}?)?(?<digits>\\d+(?:[.,:]\\d+)*)");

    private static final Pattern THOUSANDS = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");
    private static final Pattern WORD = Pattern.compile("(?<!\\p{L})\\p{L}+(?:-\\p{L}+)?(?!\\p{L})");
    private static final Pattern STEP = Pattern.compile("(^|[\\n,;:.]\\s*)\\(?\\d{1,2}[.)](?=\\s)");

    /** The sign of a negative number, in one notation. */
    public static final String MINUS = "-";

    /** Longer runs of digits are compared as written. */
    private static final int LONGEST = 40;

    private NumberNormalizer() {}

    /**
     * The numbers written in digits, {@link #MINUS negative ones} with their sign. A time such as {@code 07:30} is one
     * number.
     */
    public static Set<String> digits(String text) {
        Set<String> numbers = new HashSet<>();
        Matcher matcher = DIGITS.matcher(text);
        while (matcher.find()) {
            numbers.add((matcher.group("sign") == null ? "" : MINUS) + plain(matcher.group("digits")));
        }
        return numbers;
    }

    /** The numbers written in words or numerals. */
    public static Set<String> words(String text) {
        Set<String> numbers = new HashSet<>();
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (words.find()) {
            int value = value(words.group());
            if (value >= 0) {
                numbers.add(Integer.toString(value));
            }
        }
        for (LanguagePack pack : LanguageRules.packs()) {
            addNumerals(numbers, text, pack.table(WordTable.NUMERALS));
        }
        return numbers;
    }

    /** The numbers that a text claims, without those of steps and without words that are as often no number: 一起, 十分. */
    public static Set<String> claimed(String text) {
        Set<String> numbers = digits(STEP.matcher(text).replaceAll("$1 "));
        numbers.addAll(words(LanguageRules.blank(PatternSet.UNCOUNTED_NUMBER, text)));
        return numbers;
    }

    public static boolean isWord(String word) {
        return value(word) >= 0;
    }

    private static String plain(String digits) {
        String number = THOUSANDS.matcher(digits).matches() ? digits.replace(",", "") : digits;
        if (number.indexOf(':') >= 0 || number.indexOf(',') >= 0 || number.indexOf('.') != number.lastIndexOf('.')) {
            return number.startsWith("0") && number.length() > 1 && Character.isDigit(number.charAt(1))
                    ? number.substring(1)
                    : number;
        }
        if (number.length() > LONGEST) {
            return number;
        }
        return new BigDecimal(number).stripTrailingZeros().toPlainString();
    }

    private static void addNumerals(Set<String> numbers, String text, Map<String, String> values) {
        int start = 0;
        for (int i = 0; i <= text.length() && !values.isEmpty(); i++) {
            if (i == text.length() || !values.containsKey(text.substring(i, i + 1))) {
                if (i > start) {
                    numbers.add(Long.toString(NumeralParser.parse(text.substring(start, i), values)));
                }
                start = i + 1;
            }
        }
    }

    private static int value(String word) {
        return LanguageRules.packs().stream()
                .mapToInt(pack -> value(word, pack.table(WordTable.NUMBERS)))
                .filter(value -> value >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** Reads a number, or tens and a unit: twenty-one. */
    private static int value(String word, Map<String, String> numbers) {
        int whole = number(numbers, word);
        int dash = word.indexOf('-');
        if (whole >= 0 || dash < 0) {
            return whole;
        }
        int tens = number(numbers, word.substring(0, dash));
        int unit = Math.max(number(numbers, word.substring(dash + 1)), number(numbers, word.substring(dash)));
        return tens >= 20 && tens < 100 && unit > 0 && unit < 10 ? tens + unit : -1;
    }

    private static int number(Map<String, String> numbers, String word) {
        return Integer.parseInt(numbers.getOrDefault(word, "-1"));
    }
}
