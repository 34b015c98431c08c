package io.memos4j.core.privacy;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import java.util.Optional;

/**
 * Checks telephone numbers against the numbering plans of the countries, with libphonenumber. A number without a
 * country code is tried in the countries of the installed languages.
 */
final class PhoneNumbers {
    /** Without a country code a number belongs to one of these. */
    private static final List<String> COUNTRIES = List.of("US", "GB", "DE", "FR", "ES", "CN", "AT", "CH", "MX", "IT");

    private PhoneNumbers() {}

    /** @param text digits with signs, at most with a country code */
    static boolean isValid(String text) {
        String number = text.startsWith("00") ? "+" + text.substring(2) : text;
        return number.startsWith("+")
                ? isValidIn("ZZ", number)
                : COUNTRIES.stream().anyMatch(country -> isValidIn(country, number));
    }

    private static boolean isValidIn(String country, String number) {
        PhoneNumberUtil util = PhoneNumberUtil.getInstance();
        try {
            return util.isValidNumber(util.parse(number, country))
                    && (number.startsWith("+") || isWrittenInFull(country, number));
        } catch (NumberParseException e) {
            return false;
        }
    }

    /** In countries with a national prefix, a number without it is only part of one, or none. */
    private static boolean isWrittenInFull(String country, String number) {
        String digits = number.replaceAll("\\D", "");
        return Optional.of(country)
                .filter(List.of("DE", "GB", "FR", "AT", "CH")::contains)
                .map(prefixed -> digits.startsWith("0"))
                .orElse(true);
    }
}
