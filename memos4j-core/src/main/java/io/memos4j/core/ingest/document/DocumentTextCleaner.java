package io.memos4j.core.ingest.document;

/**
 * Cleans text for storage: line feeds only, no control characters, no unpaired surrogates, no long blank stretches. The
 * only white space left is space, tab and line feed, in runs short enough that a chunk can never be blank.
 */
final class DocumentTextCleaner {
    /** The longest run of spaces and tabs kept, also as indentation. */
    static final int MAX_INDENT = 32;

    private static final char REPLACEMENT = '\uFFFD';
    private static final char DROPPED = '\uFEFF';

    private DocumentTextCleaner() {}

    /** Cleans a text and keeps its lines, with at most one empty line in a row; strips both ends. */
    static String cleanLines(String raw) {
        StringBuilder clean = new StringBuilder(raw.length());
        int newlines = 0;
        StringBuilder indent = new StringBuilder(MAX_INDENT);
        for (int i = 0; i < raw.length(); i++) {
            char c = clean(raw, i);
            if (c == '\n') {
                newlines += raw.charAt(i) == '\r' && i + 1 < raw.length() && raw.charAt(i + 1) == '\n' ? 0 : 1;
                indent.setLength(0);
            } else if (c == ' ' || c == '\t') {
                if (!clean.isEmpty() && indent.length() < MAX_INDENT) {
                    indent.append(c);
                }
            } else if (c != DROPPED) {
                breakLine(clean, newlines);
                clean.append(indent).append(c);
                indent.setLength(0);
                newlines = 0;
            }
        }
        return clean.toString();
    }

    /** Cleans a text into one line with single spaces; strips both ends. */
    static String cleanLine(String raw) {
        StringBuilder clean = new StringBuilder(raw.length());
        boolean gap = false;
        for (int i = 0; i < raw.length(); i++) {
            char c = clean(raw, i);
            if (c == '\n' || c == ' ' || c == '\t') {
                gap = true;
            } else if (c != DROPPED) {
                if (gap && !clean.isEmpty()) {
                    clean.append(' ');
                }
                gap = false;
                clean.append(c);
            }
        }
        return clean.toString();
    }

    /** Returns whether a text has anything visible besides white space and format characters. */
    static boolean isVisible(String text) {
        return text.codePoints()
                .anyMatch(codePoint -> !Character.isWhitespace(codePoint)
                        && !Character.isSpaceChar(codePoint)
                        && Character.getType(codePoint) != Character.FORMAT);
    }

    private static void breakLine(StringBuilder clean, int newlines) {
        if (!clean.isEmpty()) {
            clean.repeat('\n', Math.min(newlines, 2));
        }
    }

    private static char clean(String raw, int index) {
        char c = raw.charAt(index);
        if (c >= ' ' && c < 0x7F) {
            return c;
        }
        return switch (c) {
            case '\t' -> '\t';
            case '\n', '\r', '\u000B', '\f', '\u0085', '\u2028', '\u2029' -> '\n';
            case '\u00AD', '\u200B', DROPPED -> DROPPED;
            default -> cleanRare(raw, index, c);
        };
    }

    private static char cleanRare(String raw, int index, char c) {
        if (Character.isISOControl(c) || Character.isSpaceChar(c)) {
            return ' ';
        }
        boolean torn = (Character.isHighSurrogate(c)
                        && (index + 1 == raw.length() || !Character.isLowSurrogate(raw.charAt(index + 1))))
                || (Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(raw.charAt(index - 1))));
        return torn ? REPLACEMENT : c;
    }
}
