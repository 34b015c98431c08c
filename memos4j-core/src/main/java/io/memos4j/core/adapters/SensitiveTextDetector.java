package io.memos4j.core.adapters;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds secrets, account and document numbers and contact data, which must never be trained into a model. By form
 * alone; other sensitive facts, such as health or faith, have no form and are left to the owner's tags.
 */
final class SensitiveTextDetector {
    /** A match: its kind for people, and the text itself. */
    record Secret(String kind, String text) {}

    private static final Pattern KEY = Pattern.compile("(?<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----"
            + "|\\b(?:sk|pk|ghp|gho|xox[abp]|AKIA|AIza|eyJ)[-_A-Za-z0-9]{12,})");

    /**
     * Matches long mixtures of letters and digits. Starts only at word boundaries, so that no text is scanned twice.
     */
    private static final Pattern RANDOM = Pattern.compile(
            "(?<![A-Za-z0-9_-])(?<secret>(?=[A-Za-z_-]{0,80}\\d)(?=[\\d_-]{0,80}[A-Za-z])[A-Za-z0-9_-]{24,}+)(?!\\w)");

    private static final Pattern MAIL =
            Pattern.compile("(?<![\\p{L}\\p{N}._%+-])(?<secret>[\\p{L}\\p{N}._%+-]{1,80}@[\\p{L}\\p{N}-]{1,80}"
                    + "(?:\\.[\\p{L}\\p{N}-]{1,80}){1,8}+)");

    private static final Pattern PHONE = Pattern.compile("(?<![\\w.])(?<secret>(?:\\+|00)[1-9](?:[ ()./-]?\\d){7,14}"
            + "|\\(?0?\\d{2,5}\\)?[ /-]\\d{3,4}[ -]\\d{3,6})(?![\\w])");

    private static final Pattern SOCIAL = Pattern.compile("\\b(?<secret>\\d{3}-\\d{2}-\\d{4})\\b");

    private static final Pattern DIGITS = Pattern.compile("(?<![\\w-])(?<secret>\\d(?:[ -]?\\d){12,18})(?![\\w-])");

    private static final Pattern ACCOUNT =
            Pattern.compile("\\b(?<secret>[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)\\b");

    private SensitiveTextDetector() {}

    /** Finds all secrets in a text, in no particular order. */
    static List<Secret> find(String text) {
        List<Secret> found = new ArrayList<>();
        LanguageRules.packs().stream()
                .flatMap(pack -> pack.patterns(PatternSet.NAMED_SECRET).stream())
                .forEach(named -> addMatches(found, "a secret", named, text));
        addMatches(found, "a key", KEY, text);
        addMatches(found, "a key", RANDOM, text);
        addMatches(found, "an e-mail address", MAIL, text);
        addMatches(found, "a telephone number", PHONE, text);
        addMatches(found, "a social security number", SOCIAL, text);
        addMatches(found, "a card number", DIGITS, text);
        addMatches(found, "an account number", ACCOUNT, text);
        found.removeIf(each -> each.kind.equals("a card number") && !isCardNumber(each.text)
                || each.kind.equals("an account number") && !isIban(each.text));
        return found;
    }

    private static void addMatches(List<Secret> found, String kind, Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String secret = matcher.group("secret").replaceAll("[.,;!?)]+$", "");
            if (!secret.isEmpty()) {
                found.add(new Secret(kind, secret));
            }
        }
    }

    /** Checks the Luhn digit (ISO/IEC 7812-1, annex B). */
    private static boolean isCardNumber(String text) {
        String digits = text.replaceAll("\\D", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 1 ? 2 * digit : digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    /**
     * Checks an IBAN (ISO 13616): with letters as 10 to 35 and its first four characters moved to the end, it is 1
     * modulo 97.
     */
    private static boolean isIban(String text) {
        String bare = text.replace(" ", "").toUpperCase(Locale.ROOT);
        StringBuilder digits = new StringBuilder();
        (bare.substring(4) + bare.substring(0, 4)).chars().forEach(c -> digits.append(Character.digit(c, 36)));
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }
}
