package io.memos4j.core.language;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Removes from a message everything that its writer only passes on: quotes, code, quoted mail, and the text after "the
 * email says". Rather removes too much: all that is lost is a standing instruction that the user can repeat.
 */
public final class QuotationStripper {
    /** Code; an unclosed fence reaches to the end. */
    private static final Pattern CODE = Pattern.compile("(?:```|~~~).*?(?:```|~~~|\\z)", Pattern.DOTALL);

    private static final Pattern QUOTED_LINE = Pattern.compile("(?:^|\\n)[ \\t]*>[^\\n]*");

    private static final Pattern QUOTES =
            Pattern.compile("“[^”]*(?:”|\\z)|«[^«»]*»|「[^「」]*」|『[^『』]*』|„[^„“”]*[“”]|‘[^‘’\\n]*’(?!\\p{L})");

    private static final Pattern STRAIGHT_QUOTES = Pattern.compile("\"[^\"]*(?:\"|\\z)|`[^`\\n]*`");

    private static final Pattern SINGLE_QUOTES =
            Pattern.compile("(?<![\\p{L}\\p{N}])'[^'\\n]*(?:'(?=\\p{L})[^'\\n]*){0,20}'(?!\\p{L})");

    private QuotationStripper() {}

    /**
     * Returns the writer's own words; what was passed on is replaced by a line break. The order matters: code may hold
     * quotes, and a forwarded mail may hold everything.
     */
    public static String strip(String text) {
        String own = CODE.matcher(text).replaceAll("\n");
        own = LanguageRules.replaceAll(PatternSet.FORWARDED_TEXT, own, "\n");
        own = QUOTED_LINE.matcher(own).replaceAll("\n");
        own = LanguageRules.replaceAll(PatternSet.PASTED_TEXT, own, "\n");
        own = LanguageRules.replaceAll(PatternSet.REPORTED_SPEECH, own, "\n");
        return stripQuotes(own);
    }

    /** Returns the text without code and without what stands in quotes; each is replaced by a line break. */
    public static String stripQuotes(String text) {
        String own = CODE.matcher(text).replaceAll("\n");
        for (Pattern quotes : List.of(QUOTES, STRAIGHT_QUOTES, SINGLE_QUOTES)) {
            own = quotes.matcher(own).replaceAll("\n");
        }
        return own;
    }
}
