package io.memos4j.core.extraction;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of a text in one notation: {@code 1,000}, {@code 1000.0} and {@code 一千} are all {@code 1000}. */
final class NumberNormalizer {
    private static final Pattern DIGITS = Pattern.compile("\\d+(?:[.,:]\\d+)*");
    private static final Pattern THOUSANDS = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");
    private static final Pattern WORD = Pattern.compile("(?<!\\p{L})\\p{L}+(?:-\\p{L}+)?(?!\\p{L})");
    private static final Pattern HAN = Pattern.compile("[零〇一二两三四五六七八九十百千万]+");
    private static final Pattern LONE =
            Pattern.compile("(?<![零〇一二两三四五六七八九十百千万])[一十百千万](?![零〇一二两三四五六七八九十百千万])|万一|千万|十分|(?<=周|星期|礼拜)[一二三四五六]");

    private static final Pattern STEP = Pattern.compile("(^|[\\n,;:.]\\s*)\\(?\\d{1,2}[.)](?=\\s)");

    /** Longer runs of digits are compared as they stand. */
    private static final int LONGEST = 40;

    private static final String HAN_DIGITS = "零一二三四五六七八九";

    /** Left out: "one", which is mostly a pronoun. */
    private static final List<String> SMALL = List.of(
            "zero",
            "",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");

    private static final List<String> TENS =
            List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
    private static final List<String> UNITS =
            List.of("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private NumberNormalizer() {}

    /** Written in digits. A time such as {@code 07:30} is one number. */
    static Set<String> digits(String text) {
        Set<String> numbers = new HashSet<>();
        Matcher matcher = DIGITS.matcher(text);
        while (matcher.find()) {
            numbers.add(plain(matcher.group()));
        }
        return numbers;
    }

    /** Written in words, English or Chinese. */
    static Set<String> words(String text) {
        Set<String> numbers = new HashSet<>();
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (words.find()) {
            int value = english(words.group());
            if (value >= 0) {
                numbers.add(Integer.toString(value));
            }
        }
        Matcher han = HAN.matcher(text);
        while (han.find()) {
            numbers.add(Long.toString(chinese(han.group())));
        }
        return numbers;
    }

    /**
     * All that a text claims, without the numbers of steps, and without the Chinese characters that alone are as often
     * no number: 一起, 十分, 万一.
     */
    static Set<String> claimed(String text) {
        Set<String> numbers = digits(STEP.matcher(text).replaceAll("$1 "));
        numbers.addAll(words(LONE.matcher(text).replaceAll(" ")));
        return numbers;
    }

    static boolean isWord(String word) {
        return english(word) >= 0;
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

    private static int english(String word) {
        if (word.isEmpty()) {
            return -1;
        }
        if (word.equals("hundred") || word.equals("thousand")) {
            return word.equals("hundred") ? 100 : 1_000;
        }
        int small = SMALL.indexOf(word);
        if (small >= 0) {
            return small;
        }
        int dash = word.indexOf('-');
        int tens = TENS.indexOf(dash < 0 ? word : word.substring(0, dash));
        int unit = dash < 0 ? 0 : UNITS.indexOf(word.substring(dash + 1));
        return tens > 0 && unit >= 0 ? tens * 10 + unit : -1;
    }

    /** Reads 二〇二五 digit by digit, and 三千零二十 by its units. */
    private static long chinese(String digits) {
        long total = 0;
        long part = 0;
        long digit = -1;
        boolean units = false;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int unit = "十百千万".indexOf(c);
            if (unit < 0) {
                int value = c == '两' ? 2 : c == '〇' ? 0 : HAN_DIGITS.indexOf(c);
                digit = digit < 0 || (units && digit == 0) ? value : Math.min(digit, 99_999_999) * 10 + value;
            } else if (unit == 3) {
                total = (total + part + Math.max(0, digit)) * 10_000 % 1_000_000_000_000L;
                part = 0;
                digit = -1;
                units = true;
            } else {
                part += (digit <= 0 ? 1 : digit) * (long) Math.pow(10, unit + 1);
                digit = -1;
                units = true;
            }
        }
        return total + part + Math.max(0, digit);
    }
}
