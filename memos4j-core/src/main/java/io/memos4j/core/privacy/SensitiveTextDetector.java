package io.memos4j.core.privacy;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.WordList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds secrets and personal data in texts. Numbers are recognized by their form and check digits, telephone numbers by
 * the numbering plans of the countries, keys by the prefixes of their issuers (after the rules of gitleaks), and what
 * has no form by the words around it, which are in the language packs.
 */
public final class SensitiveTextDetector {
    /** The text before a number in which a word for a thing is looked for. */
    private static final int CUE = 32;

    /** The text around a hint in which its patterns are tried; none matches a longer text. */
    private static final int AROUND = 300;

    /** The fewest digits of a number that is looked for, and the characters among which they are. */
    private static final int FEWEST_DIGITS = 7;

    private static final int DIGITS_WITHIN = 40;

    /** The fewest characters of a key without a point or a blank, with its prefix: {@code xoxb-} and ten others. */
    private static final int SHORTEST_KEY = 15;

    private static final Pattern KEY = Pattern.compile("(?<secret>-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
            + "(?:[^-]{0,8000}-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
            + "|(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
            + "|(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|pypi-|dop_v1_|shpat_|sq0[a-z]{3}-|lin_api_|ntn_)"
            + "[-_A-Za-z0-9]{16,}+"
            + "|xox[abeoprs]-[-A-Za-z0-9]{10,}+|(?:sk|rk|pk)[-_][-_A-Za-z0-9]{16,}+|AIza[-_A-Za-z0-9]{30,}+"
            + "|ya29\\.[-_A-Za-z0-9]{20,}+|SG\\.[-_A-Za-z0-9]{16,64}\\.[-_A-Za-z0-9]{16,64}"
            + "|eyJ[-_A-Za-z0-9]{8,4000}+\\.[-_A-Za-z0-9]{8,8000}+\\.[-_A-Za-z0-9]{0,2000}"
            + "|\\d{8,10}:AA[-_A-Za-z0-9]{30,40}"
            + "|[a-z][a-z0-9+]{1,20}://[^\\s/:@]{1,64}:[^\\s/:@]{3,128}(?=@[^\\s@])))");

    /**
     * Matches long mixtures of letters and digits. Starts only at word boundaries, so that no text is scanned twice.
     */
    private static final Pattern RANDOM = Pattern.compile(
            "(?<![A-Za-z0-9_-])(?<secret>(?=[A-Za-z_-]{0,80}\\d)(?=[\\d_-]{0,80}[A-Za-z])[A-Za-z0-9_-]{24,}+)(?!\\w)");

    private static final Pattern MAIL =
            Pattern.compile("(?<![\\p{L}\\p{N}._%+-])(?<secret>(?!git@)[\\p{L}\\p{N}._%+-]{1,80}@[\\p{L}\\p{N}-]{1,80}"
                    + "(?:\\.[\\p{L}\\p{N}-]{1,80}){0,8}\\.\\p{L}{2,24}+)(?![\\p{N}@-])");

    private static final Pattern PHONE =
            Pattern.compile("(?<![\\w.,:/+-])(?<secret>(?:\\+|00)[1-9](?:[ ()./-]{0,2}\\d){7,14}"
                    + "|\\(0?\\d{2,5}\\)[ /-]?\\d{2,4}(?:[ -]?\\d{2,6}){1,4}"
                    + "|0\\d{1,5}[ /-]\\d{2,8}(?:[ -]\\d{2,6}){0,4}|[2-9]\\d{2}[-. ][2-9]\\d{2}[-. ]\\d{4}"
                    + "|[679]\\d{2} \\d{3} \\d{3}|[679]\\d{2}(?: \\d{2}){3}"
                    + "|0[1-9](?:[ .]?\\d{2}){4}|1[3-9]\\d(?:[ -]?\\d{4}){2})"
                    + "(?![\\w:-]|[.,/]\\d)");

    private static final Pattern CARD =
            Pattern.compile("(?<![\\w.-])(?<secret>\\d(?:[ -]?\\d){12,18})(?![\\w-]|\\.\\d)");

    private static final Pattern ACCOUNT =
            Pattern.compile("(?<![A-Za-z0-9])(?<secret>[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30})");

    private static final Pattern SOCIAL = Pattern.compile("(?<![\\w-])(?<secret>\\d{3}-\\d{2}-\\d{4})(?![\\w-])");
    private static final Pattern SPANISH =
            Pattern.compile("(?<![A-Za-z0-9-])(?<secret>(?:\\d{8}|\\d{2}\\.\\d{3}\\.\\d{3}|[XYZ][ -]?\\d{7})"
                    + "[ -]?[A-HJ-NP-TV-Z])(?![A-Za-z0-9])");
    private static final Pattern FRENCH =
            Pattern.compile("(?<![\\w-])(?<secret>[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d)"
                    + " ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2})(?![\\w-])");
    private static final Pattern CHINESE =
            Pattern.compile("(?<![A-Za-z0-9])(?<secret>[1-9]\\d{5}(?:19|20)\\d{2}(?:0[1-9]|1[0-2])"
                    + "[0-3]\\d\\d{3}[\\dXx])(?![A-Za-z0-9])");
    private static final Pattern ITALIAN = Pattern.compile(
            "(?<![A-Za-z0-9])(?<secret>[A-Z]{6}\\d{2}[A-EHLMPR-T]\\d{2}[A-Z]\\d{3}[A-Z])(?![A-Za-z0-9])");

    /** A German tax id is eleven digits like many other numbers: only with its name before it. */
    private static final Pattern GERMAN =
            Pattern.compile("(?i)(?:steuer-?(?:id|identifikations-?nummer|ident\\w*)|idnr\\.?|tax id)[^\\d\\n]{0,20}"
                    + "(?<secret>\\d{2} ?\\d{3} ?\\d{3} ?\\d{3})(?!\\d)");

    private SensitiveTextDetector() {}

    /**
     * Finds the secrets and personal data of a text, in order. A secret may lie inside of personal data, for example in
     * a statement about somebody's health; spans with the same label do not overlap.
     */
    public static List<SensitiveSpan> find(String text) {
        List<SensitiveSpan> found = new ArrayList<>();
        if (mayHoldKey(text)) {
            add(found, SensitiveKind.KEY, KEY, text, any -> true);
        }
        if (mayHoldNumber(text)) {
            addNumbers(found, text);
        }
        if (text.indexOf('@') >= 0) {
            add(found, SensitiveKind.EMAIL, MAIL, text, any -> true);
        }
        boolean digits = text.chars().anyMatch(Character::isDigit);
        String lower = text.toLowerCase(Locale.ROOT);
        for (LanguagePack pack : LanguageRules.packsFor(text)) {
            addHinted(found, SensitiveKind.PASSWORD, pack, PatternSet.NAMED_SECRET, WordList.SECRET_HINTS, text, lower);
            addHinted(
                    found, SensitiveKind.HEALTH, pack, PatternSet.HEALTH_STATEMENT, WordList.HEALTH_HINTS, text, lower);
            if (digits) {
                addHinted(
                        found,
                        SensitiveKind.ADDRESS,
                        pack,
                        PatternSet.POSTAL_ADDRESS,
                        WordList.ADDRESS_HINTS,
                        text,
                        lower);
            }
        }
        return withoutOverlaps(found);
    }

    /**
     * Returns whether some letters, digits and dashes stand together as in no ordinary word, or there is an address.
     */
    private static boolean mayHoldKey(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            run = c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_') ? run + 1 : 0;
            if (run == SHORTEST_KEY || c == ':' && text.startsWith("://", i)) {
                return true;
            }
        }
        return text.contains("-----BEGIN");
    }

    /** Returns whether enough digits for a number are near each other. */
    private static boolean mayHoldNumber(String text) {
        int[] last = new int[FEWEST_DIGITS];
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isDigit(text.charAt(i))) {
                last[digits % FEWEST_DIGITS] = i;
                digits++;
                // The slot that comes next holds the first of the last digits.
                if (digits >= FEWEST_DIGITS && i - last[digits % FEWEST_DIGITS] <= DIGITS_WITHIN) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Tries patterns around the hints of their pack; on all of the text if the pack has none. */
    private static void addHinted(
            List<SensitiveSpan> found,
            SensitiveKind kind,
            LanguagePack pack,
            PatternSet patterns,
            WordList hints,
            String text,
            String lower) {
        Set<String> words = pack.words(hints);
        if (words.isEmpty() || lower.length() != text.length()) {
            pack.patterns(patterns).forEach(pattern -> add(found, kind, pattern.matcher(text), text, any -> true));
            return;
        }
        BitSet hinted = new BitSet();
        for (String word : words) {
            for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
                hinted.set(Math.max(0, at - AROUND), Math.min(text.length(), at + AROUND));
            }
        }
        for (int start = hinted.nextSetBit(0); start >= 0; start = hinted.nextSetBit(hinted.nextClearBit(start))) {
            int from = start;
            int to = hinted.nextClearBit(start);
            pack.patterns(patterns)
                    .forEach(pattern -> add(
                            found,
                            kind,
                            pattern.matcher(text)
                                    .region(from, to)
                                    .useTransparentBounds(true)
                                    .useAnchoringBounds(false),
                            text,
                            any -> true));
        }
    }

    /** Finds what must never be trained into a model: secrets, personal data, and what may be a key. */
    public static List<SensitiveSpan> findUnteachable(String text) {
        List<SensitiveSpan> found = new ArrayList<>(find(text));
        add(found, SensitiveKind.OPAQUE, RANDOM, text, any -> true);
        return withoutOverlaps(found);
    }

    private static void addNumbers(List<SensitiveSpan> found, String text) {
        add(
                found,
                SensitiveKind.CARD_NUMBER,
                CARD,
                text,
                span -> CheckDigits.isCardNumber(bare(span)) && !namesThing(text, span));
        addAccounts(found, text);
        add(
                found,
                SensitiveKind.NATIONAL_ID,
                SOCIAL,
                text,
                span -> CheckDigits.isSocialSecurityNumber(bare(span)) && !namesThing(text, span));
        add(found, SensitiveKind.NATIONAL_ID, GERMAN, text, span -> CheckDigits.isGermanTaxId(bare(span)));
        add(
                found,
                SensitiveKind.NATIONAL_ID,
                SPANISH,
                text,
                span -> CheckDigits.isSpanishId(bare(span)) && !namesThing(text, span));
        add(
                found,
                SensitiveKind.NATIONAL_ID,
                FRENCH,
                text,
                span -> CheckDigits.isFrenchId(bare(span)) && !namesThing(text, span));
        add(
                found,
                SensitiveKind.NATIONAL_ID,
                CHINESE,
                text,
                span -> CheckDigits.isChineseId(bare(span)) && !namesThing(text, span));
        add(found, SensitiveKind.NATIONAL_ID, ITALIAN, text, span -> CheckDigits.isItalianId(bare(span)));
        add(
                found,
                SensitiveKind.TELEPHONE,
                PHONE,
                text,
                span -> (span.text().startsWith("+") || !namesThing(text, span)) && PhoneNumbers.isValid(span.text()));
    }

    /** An IBAN has the length of its country; letters after it are other words. */
    private static void addAccounts(List<SensitiveSpan> found, String text) {
        Matcher matcher = ACCOUNT.matcher(text);
        while (matcher.find()) {
            int left = CheckDigits.ibanLength(matcher.group().substring(0, 2));
            int end = matcher.start();
            while (left > 0 && end < matcher.end()) {
                left -= text.charAt(end++) == ' ' ? 0 : 1;
            }
            SensitiveSpan span = span(SensitiveKind.BANK_ACCOUNT, text, matcher.start(), end);
            if (left == 0 && end - matcher.start() > 4 && CheckDigits.isIban(bare(span))) {
                found.add(span);
            }
        }
    }

    /** The letters and digits of a number. */
    private static String bare(SensitiveSpan span) {
        return span.text().replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    }

    /** Tells whether the words before a number say that it names a thing: "order no.", "ISBN". */
    private static boolean namesThing(String text, SensitiveSpan span) {
        String before = text.substring(Math.max(0, span.start() - CUE), span.start());
        return LanguageRules.packs().stream().anyMatch(pack -> pack.matches(PatternSet.IDENTIFIER_CUE, before));
    }

    private static void add(
            List<SensitiveSpan> found,
            SensitiveKind kind,
            Pattern pattern,
            String text,
            Predicate<SensitiveSpan> accepted) {
        add(found, kind, pattern.matcher(text), text, accepted);
    }

    private static void add(
            List<SensitiveSpan> found,
            SensitiveKind kind,
            Matcher matcher,
            String text,
            Predicate<SensitiveSpan> accepted) {
        while (matcher.find()) {
            int end = matcher.end("secret");
            while (end > matcher.start("secret") && ".,;!?)，。！？、".indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            SensitiveSpan span = span(kind, text, matcher.start("secret"), end);
            if (!span.text().isBlank() && accepted.test(span)) {
                found.add(span);
            }
        }
    }

    private static SensitiveSpan span(SensitiveKind kind, String text, int start, int end) {
        return new SensitiveSpan(kind, start, end, text.substring(start, end));
    }

    private static List<SensitiveSpan> withoutOverlaps(List<SensitiveSpan> found) {
        List<SensitiveSpan> kept = new ArrayList<>();
        found.stream()
                .sorted(Comparator.comparing((SensitiveSpan span) -> span.kind().label())
                        .reversed()
                        .thenComparing(span -> span.start() - span.end()))
                .filter(span -> kept.stream()
                        .noneMatch(other -> other.kind().label() == span.kind().label() && other.overlaps(span)))
                .forEach(kept::add);
        kept.sort(Comparator.comparingInt(SensitiveSpan::start));
        return kept;
    }
}
