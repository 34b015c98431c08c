package io.memos4j.core.privacy;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Check digits of card numbers, bank accounts and national ids. */
final class CheckDigits {
    /** The networks' prefixes with their lengths (ISO/IEC 7812). */
    private static final Pattern NETWORK = Pattern.compile("4(?:\\d{12}|\\d{15}|\\d{18})|5[1-5]\\d{14}"
            + "|2(?:2[2-9]|[3-6]\\d|7[01])\\d{13}|2720\\d{12}|3[47]\\d{13}"
            + "|6(?:011|5\\d\\d|4[4-9]\\d)\\d{12}(?:\\d{3})?"
            + "|62\\d{14,17}|35(?:2[89]|[3-8]\\d)\\d{12}|3(?:0[0-5]|[68]\\d)\\d{11}|5[06789]\\d{14}");

    private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String CHINESE_CHECKS = "10X98765432";
    private static final int[] CHINESE_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

    /** The values of characters at odd places of a codice fiscale, 0 to 9 as A to J. */
    private static final int[] ITALIAN_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    /** The lengths of IBANs by country (SWIFT's registry). */
    private static final Map<String, Integer> IBAN_LENGTHS = ibanLengths("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22"
            + " BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27"
            + " GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24"
            + " ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27"
            + " ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20");

    private CheckDigits() {}

    private static Map<String, Integer> ibanLengths(String table) {
        Map<String, Integer> lengths = new java.util.HashMap<>();
        for (String entry : table.split(" ")) {
            lengths.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
        }
        return Map.copyOf(lengths);
    }

    /** Tells whether digits are a number of a card network with a right Luhn digit (ISO/IEC 7812-1, annex B). */
    static boolean isCardNumber(String digits) {
        if (!NETWORK.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 1 ? 2 * digit : digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    /** The length of an IBAN that begins with this country, without blanks; 0 if no such IBANs exist. */
    static int ibanLength(String country) {
        return IBAN_LENGTHS.getOrDefault(country.toUpperCase(Locale.ROOT), 0);
    }

    /**
     * Checks an IBAN (ISO 13616): with letters as 10 to 35 and its first four characters moved to the end, it is 1
     * modulo 97.
     */
    static boolean isIban(String bare) {
        StringBuilder digits = new StringBuilder();
        (bare.substring(4) + bare.substring(0, 4)).chars().forEach(c -> digits.append(Character.digit(c, 36)));
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /** United States: a social security number has no check digit, but areas and groups that were never given. */
    static boolean isSocialSecurityNumber(String digits) {
        String area = digits.substring(0, 3);
        return !area.equals("000")
                && !area.equals("666")
                && area.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000");
    }

    /** Germany: a tax id has eleven digits, one of the first ten twice or three times, and ISO 7064 MOD 11,10. */
    static boolean isGermanTaxId(String digits) {
        long distinct = digits.substring(0, 10).chars().distinct().count();
        if (digits.charAt(0) == '0' || distinct != 9 && distinct != 8) {
            return false;
        }
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int sum = (digits.charAt(i) - '0' + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }
        return (11 - product) % 10 == digits.charAt(10) - '0';
    }

    /** Spain: DNI and NIE end with a letter by the number modulo 23. */
    static boolean isSpanishId(String bare) {
        char first = bare.charAt(0);
        String digits = Character.isDigit(first)
                ? bare.substring(0, bare.length() - 1)
                : "XYZ".indexOf(first) + bare.substring(1, bare.length() - 1);
        return DNI_LETTERS.charAt(Integer.parseInt(digits) % 23) == bare.charAt(bare.length() - 1);
    }

    /** France: the last two of 15 digits of an NIR are 97 minus the others modulo 97; Corsica counts as 19 and 18. */
    static boolean isFrenchId(String bare) {
        String number = bare.substring(0, 13).replace("2A", "19").replace("2B", "18");
        return 97 - Long.parseLong(number) % 97 == Long.parseLong(bare.substring(13));
    }

    /** China: the last of 18 characters of a resident id by ISO 7064 MOD 11-2; characters 7 to 14 are a birthday. */
    static boolean isChineseId(String bare) {
        int sum = 0;
        for (int i = 0; i < CHINESE_WEIGHTS.length; i++) {
            sum += (bare.charAt(i) - '0') * CHINESE_WEIGHTS[i];
        }
        try {
            LocalDate.parse(bare.substring(6, 14), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            return false;
        }
        return CHINESE_CHECKS.charAt(sum % 11) == bare.charAt(17);
    }

    /** Italy: the last of 16 characters of a codice fiscale by the sum of the others. */
    static boolean isItalianId(String bare) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = bare.charAt(i);
            int value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? ITALIAN_ODD[value] : value;
        }
        return 'A' + sum % 26 == bare.charAt(15);
    }
}
