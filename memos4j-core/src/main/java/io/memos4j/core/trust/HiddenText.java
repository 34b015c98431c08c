package io.memos4j.core.trust;

import io.memos4j.core.language.TextNormalizer;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a text hides from people but not from a model: invisible characters, letters of another script that look
 * alike, letters that are set apart, and text that is encoded.
 */
final class HiddenText {
    /** Format characters, variation selectors and combining marks, which split words invisibly. */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Cf}\\ufe00-\\ufe0f\\u034f\\u115f\\u1160\\u3164]|(?<=[a-zA-Z])\\p{Mn}+");

    private static final Pattern TAGS = Pattern.compile("[\\x{e0020}-\\x{e007e}]{8,}");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}@$]+");
    private static final Pattern SPELLED =
            Pattern.compile("(?<![\\p{L}\\p{N}])(?:\\p{L}[ .\\-_*]){2,}\\p{L}(?!\\p{L})");
    /** The least number of letters that stand alone in a text that is spelled. */
    private static final int SPELLED_LETTERS = 8;

    /** The least length of a run of letters and digits in an encoded text; some digits are other characters. */
    private static final int ENCODED = 20;

    private static final Pattern BETWEEN = Pattern.compile("[ .\\-_*]");
    private static final Pattern BASE64 = Pattern.compile("(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}");
    private static final Pattern HEX = Pattern.compile("(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){20,}(?![0-9A-Fa-f])");
    private static final Pattern PERCENT = Pattern.compile("(?:%[0-9A-Fa-f]{2}|[\\w.+-]){24,}");
    private static final Pattern ENTITY = Pattern.compile("&#(?:x([0-9a-fA-F]{1,5})|([0-9]{1,6}));");

    /** Cyrillic and Greek letters, each followed by the Latin one that it resembles. */
    private static final String ALIKE = "аaАAеeЕEоoОOрpРPсcСCуyУYхxХXіiІIјjЈJѕsЅSԁdһhӏlԛqԝwкkКKмmМMтtТTвvВBнnНHзz"
            + "αaΑAεeΕEοoΟOρpΡPιiΙIκkΚKνvΝNτtΤTυuΥYχxΧXγyηnβbΒBΗHΜMΖZζzωwσoςs";

    /**
     * @param plain the text as a model reads it
     * @param concealed true if {@code plain} needed more than the compatibility forms of its letters
     * @param decoded the texts that were encoded in it
     */
    record Revealed(String plain, boolean concealed, List<String> decoded) {}

    private HiddenText() {}

    static Revealed reveal(String text) {
        if (isPlain(text)) {
            return new Revealed(text, false, decoded(text));
        }
        String compatible = TextNormalizer.compatible(text);
        String visible = compatible.chars().anyMatch(HiddenText::isUnseen)
                ? INVISIBLE.matcher(compatible).replaceAll("")
                : compatible;
        String latin = isMixed(visible)
                ? WORD.matcher(visible).replaceAll(word -> Matcher.quoteReplacement(latin(word.group())))
                : visible;
        List<String> decoded = new ArrayList<>(decoded(latin));
        TAGS.matcher(text).results().map(HiddenText::untagged).forEach(decoded::add);
        return new Revealed(latin, !latin.equals(compatible), decoded);
    }

    /** Returns whether a UTF-16 unit may belong to an invisible character. */
    private static boolean isUnseen(int unit) {
        int type = Character.getType(unit);
        return type == Character.FORMAT
                || type == Character.NON_SPACING_MARK
                || type == Character.SURROGATE
                || unit >= 0x115f && unit <= 0x1160
                || unit == 0x3164;
    }

    /** Returns whether a text has Latin letters and letters of a script with look-alikes. */
    private static boolean isMixed(String text) {
        return text.chars().anyMatch(c -> c < 0x80 && Character.isLetter(c))
                && text.chars().anyMatch(c -> c >= 0x370 && c < 0x530);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff || text.charAt(i) == 0xad) {
                return false;
            }
        }
        return true;
    }

    /** Replaces look-alikes in a word that has Latin letters too, or nothing but look-alikes. */
    private static String latin(String word) {
        StringBuilder latin = new StringBuilder(word);
        boolean alike = false;
        boolean mixed = false;
        boolean all = true;
        for (int i = 0; i < latin.length(); i++) {
            char c = latin.charAt(i);
            int at = c < 0x80 ? -1 : ALIKE.indexOf(c);
            mixed |= c < 0x80 && Character.isLetter(c);
            all &= c < 0x80 || at >= 0;
            alike |= at >= 0;
            if (at >= 0) {
                latin.setCharAt(i, ALIKE.charAt(at + 1));
            }
        }
        return alike && mixed && all ? latin.toString() : word;
    }

    private static List<String> decoded(String text) {
        List<String> decoded = new ArrayList<>();
        Runs runs = Runs.of(text);
        if (runs.single >= SPELLED_LETTERS) {
            decoded.add(SPELLED.matcher(text)
                    .replaceAll(run -> BETWEEN.matcher(run.group()).replaceAll("")));
        }
        if (runs.longest >= ENCODED) {
            BASE64.matcher(text).results().flatMap(run -> base64(run).stream()).forEach(decoded::add);
            HEX.matcher(text)
                    .results()
                    .flatMap(run -> readable(HexFormat.of().parseHex(run.group())).stream())
                    .forEach(decoded::add);
        }
        if (text.indexOf('%') >= 0) {
            PERCENT.matcher(text)
                    .results()
                    .flatMap(run -> percent(run).stream())
                    .forEach(decoded::add);
        }
        if (text.contains("&#")) {
            decoded.add(ENTITY.matcher(text).replaceAll(HiddenText::character));
        }
        return decoded;
    }

    /**
     * The letters and digits of a text that stand together.
     *
     * @param single the runs of one
     * @param longest the length of the longest run
     */
    private record Runs(int single, int longest) {
        static Runs of(String text) {
            int single = 0;
            int longest = 0;
            int run = 0;
            for (int i = 0; i <= text.length(); i++) {
                if (i < text.length() && Character.isLetterOrDigit(text.charAt(i))) {
                    run++;
                } else {
                    single += run == 1 ? 1 : 0;
                    longest = Math.max(longest, run);
                    run = 0;
                }
            }
            return new Runs(single, longest);
        }
    }

    private static Optional<String> base64(MatchResult run) {
        String digits = run.group().replace('-', '+').replace('_', '/').replace("=", "");
        try {
            return readable(Base64.getDecoder().decode(digits.substring(0, digits.length() / 4 * 4)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> percent(MatchResult run) {
        try {
            return run.group().indexOf('%') < 0
                    ? Optional.empty()
                    : Optional.of(URLDecoder.decode(run.group(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String character(MatchResult entity) {
        int code = entity.group(1) != null ? Integer.parseInt(entity.group(1), 16) : Integer.parseInt(entity.group(2));
        return Character.isValidCodePoint(code) ? Matcher.quoteReplacement(Character.toString(code)) : "";
    }

    /** The text of bytes that are UTF-8 without control characters. */
    private static Optional<String> readable(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean control = text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
            return control ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String untagged(MatchResult run) {
        return run.group()
                .codePoints()
                .map(tag -> tag - 0xe0000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
