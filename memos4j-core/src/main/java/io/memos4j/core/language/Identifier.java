package io.memos4j.core.language;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A name that means one thing exactly: a ticket, invoice, version, phone or book number, an e-mail or network address,
 * a file, a name in code, a language such as C++. Quantities, dates and times are none: "20mg", "3-day", "2023-05-08".
 *
 * @param text as it is written, in the plain forms of {@link TextEquality}
 */
public record Identifier(String text) {
    /** The fewest digits of a number that is compared without its blanks and dashes. */
    private static final int SHORTEST_NUMBER = 7;

    /** Longer runs without a blank are data. */
    private static final int LONGEST = 200;

    private static final String WORD = "[\\p{L}\\p{N}]+";
    private static final Pattern FORM = Pattern.compile(Stream.of(
                    // letters and digits: SR-2023-045, 4711-B, ABC_DEF_9, v2.3.1
                    "(?=.*\\p{N})(?=.*\\p{L})(?=...)" + WORD + "(?:[-_./:#]+" + WORD + ")*+",
                    // groups of digits: 192.168.0.17, 978-3-16-148410-X; long numbers, and those with a leading zero
                    "\\p{N}+(?:[.-]\\p{N}+)+[.-][\\p{N}xX]+|\\p{N}{6,}|0\\p{N}{2,}",
                    // addresses
                    "[^@]+@[^@]+\\.[^@]+|\\p{L}+://.+",
                    // paths and files
                    "(?:~|\\.{1,2})?/[^/]+/.+|[^/]+/[^/]+/.+|\\p{L}:\\\\.+|[^/]*\\p{L}{2}[^/]*\\.[a-z]\\p{Alnum}{0,4}",
                    // names in code: user_id, userId, UserId
                    WORD + "(?:_" + WORD + ")+|\\p{L}*\\p{Ll}\\p{Lu}\\p{L}*",
                    // names with symbols: C++, F#, A+, Notepad++, .NET
                    "\\p{Lu}(?:\\+{1,2}|#|-)|" + WORD + "(?:\\+\\+|#)|\\.\\p{Lu}{2,}")
            .collect(Collectors.joining("|")));

    private static final String NUMBER =
            "(?:\\p{N}+(?:[.:]\\p{N}+)?|\\p{N}{1,3}(?:\\.\\p{N}{3}){2}|\\p{N}+:\\p{N}+:\\p{N}+)";
    private static final Pattern NO_IDENTIFIER = Pattern.compile(Stream.of(
                    // quantities, times and years: 20mg, 10:30am, 1990s, 2pm-4pm, 20th-century, 3-day
                    NUMBER + "\\p{L}{0,3}(?:[-/]" + NUMBER + "\\p{L}{0,3}|-\\p{Ll}{2,})*",
                    // compounds: mid-2023, covid-19
                    "\\p{Ll}+-\\p{N}{1,4}s?",
                    // dates
                    "\\p{N}{4}([-./])\\p{N}{1,2}\\1\\p{N}{1,2}(?:T.*)?|\\p{N}{1,2}([-./])\\p{N}{1,2}\\2\\p{N}{2,4}")
            .collect(Collectors.joining("|")));

    private static final Pattern TOKEN =
            Pattern.compile("(?:[^\\s\\p{IsHan},;!?\"()\\[\\]{}<>|=]|(?<=\\p{N}),(?=\\p{N}))++");
    private static final Pattern OPENING = Pattern.compile("^['*`:]+");
    private static final Pattern CLOSING = Pattern.compile("(?:['’]s)?[.:'*`…]*$");

    private static final Pattern FILE_TAIL = Pattern.compile("(?<=\\p{L})\\P{L}.*");
    private static final Pattern HEAD = Pattern.compile("[-_./:#]*\\p{N}.*");

    /** A number with blanks, dashes or brackets inside, such as a phone number. */
    private static final Pattern GROUPED =
            Pattern.compile("(?<![\\p{L}\\p{N}.,-])\\+?\\(?\\p{N}[\\p{N} ()-]{5,40}\\p{N}(?![\\p{L}\\p{N}])");

    private static final Pattern DATES = Pattern.compile("\\b(?:19|20)\\p{N}\\p{N}[-./]\\p{N}{1,2}[-./]\\p{N}"
            + "|\\b(?:19|20)\\p{N}\\p{N}\\b.*\\b(?:19|20)\\p{N}\\p{N}\\b"
            + "|[./-](?:19|20)\\p{N}\\p{N}\\b");
    private static final Pattern NO_DIGITS = Pattern.compile("\\P{N}+");
    private static final Pattern NO_LETTERS = Pattern.compile("\\P{L}+");
    private static final Pattern NUMBER_RUN = Pattern.compile("[+(]*\\p{N}[\\p{N} ()-]*[\\p{N}xX]");
    private static final Pattern HEX = Pattern.compile("(?i)[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** A character that continues a name; scripts without spaces write around names. */
    private static final String JOINED = "[\\p{L}\\p{N}_&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]]";

    /** Returns the identifiers that a text names, in order, each once. */
    public static List<Identifier> find(String text) {
        String line = TextEquality.foldForms(text);
        String rest = GROUPED.matcher(line)
                .replaceAll(match -> isNumber(match.group()) ? " " : Matcher.quoteReplacement(match.group()));
        Stream<String> numbers =
                GROUPED.matcher(line).results().map(MatchResult::group).filter(Identifier::isNumber);
        Stream<String> names = TOKEN.matcher(rest)
                .results()
                .map(MatchResult::group)
                .filter(token -> token.length() <= LONGEST)
                .map(Identifier::bare)
                .filter(Identifier::isName);
        return Stream.concat(numbers, names).distinct().map(Identifier::new).toList();
    }

    private static String bare(String token) {
        return CLOSING.matcher(OPENING.matcher(token).replaceAll("")).replaceAll("");
    }

    private static boolean isName(String token) {
        return FORM.matcher(token).matches()
                && (isCodeOfDigits(token) || !NO_IDENTIFIER.matcher(token).matches());
    }

    private static boolean isCodeOfDigits(String token) {
        return token.equals(digits(token)) && (token.length() >= SHORTEST_NUMBER - 1 || token.startsWith("0"));
    }

    private static boolean isNumber(String run) {
        return digits(run).length() >= SHORTEST_NUMBER && !DATES.matcher(run).find();
    }

    private static String digits(String text) {
        return NO_DIGITS.matcher(text).replaceAll("");
    }

    /** Returns a test for texts that name exactly this, whatever its case; blanks and dashes in a number may differ. */
    public Predicate<String> matcher() {
        String digits = digits(text);
        if (NUMBER_RUN.matcher(text).matches() && digits.length() >= SHORTEST_NUMBER) {
            return other -> GROUPED.matcher(TextEquality.foldForms(other))
                    .results()
                    .anyMatch(run -> digits(run.group()).equals(digits));
        }
        String after = text.endsWith("+") || text.endsWith("#") ? "(?![\\p{L}+#])" : "(?!" + JOINED + ")";
        Pattern named = Pattern.compile(
                "(?<!" + JOINED + ")(?<!" + JOINED + "[-._@])" + Pattern.quote(text) + after + "(?![-._@]" + JOINED
                        + ")(?![+#])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        return other -> named.matcher(TextEquality.foldForms(other)).find();
    }

    /** Returns whether a text names something that could be taken for this: of the same kind, or with other symbols. */
    public boolean resemblesOneIn(String other) {
        String kind = kind(text);
        String letters = NO_LETTERS.matcher(text).replaceAll("");
        return find(other).stream().anyMatch(each -> kind(each.text).equals(kind))
                || isSpelledInLetters()
                        && TOKEN.matcher(TextEquality.foldForms(other))
                                .results()
                                .map(MatchResult::group)
                                .filter(token -> token.length() <= LONGEST)
                                .map(Identifier::bare)
                                .anyMatch(letters::equalsIgnoreCase);
    }

    private boolean isSpelledInLetters() {
        return digits(text).isEmpty() && kind(text).startsWith("letters ");
    }

    /** The kind of a name: what it begins with up to its first digit, or the form of an address, a file or a number. */
    private static String kind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("://")) {
            return "link";
        }
        if (lower.indexOf('@') > 0) {
            return "mail";
        }
        if (HEX.matcher(lower).matches()) {
            return "hash";
        }
        String letters = NO_LETTERS.matcher(lower).replaceAll("");
        if (digits(lower).isEmpty()) {
            return lower.lastIndexOf('.') > 0
                    ? "file " + FILE_TAIL.matcher(lower).replaceFirst("")
                    : "letters " + letters;
        }
        if (letters.isEmpty() || lower.endsWith("x") && letters.length() == 1) {
            return lower.indexOf('.') > 0 ? "dotted" : "number";
        }
        return "code " + HEAD.matcher(lower).replaceAll("");
    }
}
