package io.memos4j.core.extraction;

import java.util.regex.Pattern;

/**
 * Delimits texts in a prompt by lines with two characters that are removed from every text, so no text can end itself
 * and pose as something else. Characters that are invisible to people but not to a model are removed too.
 */
final class PromptDelimiters {
    static final char OPEN = '⟦';
    static final char CLOSE = '⟧';

    /** Zero-width spaces, directions, deprecated tags and other controls, but no line break, no tab and no joiner. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|[\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
                    + "|[\\x{e0000}-\\x{e007f}]");

    private static final Pattern BREAKS = Pattern.compile("[\\s|\\u2028\\u2029\\u0085]+");
    private static final int MAX_LABEL = 80;

    private PromptDelimiters() {}

    /** Removes everything that looks like a delimiter. */
    static String strip(String text) {
        String open = text.replace(OPEN, '[').replace('〚', '[').replace('⟬', '[');
        String closed = open.replace(CLOSE, ']').replace('〛', ']').replace('⟭', ']');
        return UNSEEN.matcher(closed.replace("\r\n", "\n")).replaceAll("");
    }

    /** Shortens a name for a delimiter's line: one line, without separators. */
    static String label(String name) {
        String line = BREAKS.matcher(strip(name)).replaceAll(" ").strip();
        return line.length() > MAX_LABEL ? MiddleTruncation.truncate(line, MAX_LABEL) : line;
    }

    static boolean containedIn(String text) {
        return text.indexOf(OPEN) >= 0 || text.indexOf(CLOSE) >= 0;
    }
}
