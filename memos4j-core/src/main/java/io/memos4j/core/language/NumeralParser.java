package io.memos4j.core.language;

import java.util.Map;

/** Reads numbers of scripts that write them as they are said: 三千零二十 by its units, 二〇二五 digit by digit. */
public final class NumeralParser {
    private static final long MOST_DIGITS = 99_999_999;
    private static final long MYRIAD = 10_000;
    private static final long LARGEST = 1_000_000_000_000L;

    private NumeralParser() {}

    /**
     * Parses a number.
     *
     * @param values the digits 0 to 9 and the units from 10 up by their characters; other characters count as 0
     */
    public static long parse(String numerals, Map<String, String> values) {
        long total = 0;
        long part = 0;
        long digit = -1;
        boolean units = false;
        for (int i = 0; i < numerals.length(); i++) {
            long value = Long.parseLong(values.getOrDefault(numerals.substring(i, i + 1), "0"));
            if (value < 10) {
                digit = digit < 0 || (units && digit == 0) ? value : Math.min(digit, MOST_DIGITS) * 10 + value;
            } else if (value >= MYRIAD) {
                total = (total + part + Math.max(0, digit)) * value % LARGEST;
                part = 0;
                digit = -1;
                units = true;
            } else {
                part += (digit <= 0 ? 1 : digit) * value;
                digit = -1;
                units = true;
            }
        }
        return total + part + Math.max(0, digit);
    }
}
