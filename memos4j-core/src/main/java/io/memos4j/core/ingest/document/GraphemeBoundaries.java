package io.memos4j.core.ingest.document;

/**
 * Finds positions where a text may be cut without splitting a character: surrogate pairs, combining marks, emoji
 * sequences, Hangul.
 */
public final class GraphemeBoundaries {
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /** The longest sequence kept whole; longer ones are no language and are cut between code points. */
    private static final int MAX_SEQUENCE = 64;

    private GraphemeBoundaries() {}

    /** Returns whether a cut before {@code position} splits no character as a reader sees it. */
    static boolean isBoundary(String text, int position) {
        if (position <= 0 || position >= text.length()) {
            return true;
        }
        char after = text.charAt(position);
        char before = text.charAt(position - 1);
        if (before == '\n' || (before < 0x300 && after < 0x300)) {
            return true;
        }
        if (Character.isLowSurrogate(after) && Character.isHighSurrogate(before)) {
            return false;
        }
        int next = text.codePointAt(position);
        int last = text.codePointBefore(position);
        return !extendsCluster(next)
                && last != ZERO_WIDTH_JOINER
                && !(isRegional(last) && isRegional(next))
                && !(isJamo(last) && isTrailingJamo(next));
    }

    /** Finds the last boundary at or before {@code position}; a code point boundary if the sequence is too long. */
    static int boundaryAtOrBefore(String text, int position) {
        for (int at = position; at > 0 && position - at < MAX_SEQUENCE; at--) {
            if (isBoundary(text, at)) {
                return at;
            }
        }
        return Character.isLowSurrogate(text.charAt(position)) ? position - 1 : position;
    }

    /** Returns the start of the text, at most {@code length} units. */
    public static String prefix(String text, int length) {
        return text.length() <= length ? text : text.substring(0, boundaryAtOrBefore(text, length));
    }

    private static boolean extendsCluster(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || codePoint == ZERO_WIDTH_JOINER
                || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF)
                || (codePoint >= 0xE0020 && codePoint <= 0xE007F);
    }

    private static boolean isRegional(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }

    private static boolean isJamo(int codePoint) {
        return (codePoint >= 0x1100 && codePoint <= 0x11FF) || (codePoint >= 0xAC00 && codePoint <= 0xD7A3);
    }

    private static boolean isTrailingJamo(int codePoint) {
        return codePoint >= 0x1160 && codePoint <= 0x11FF;
    }
}
