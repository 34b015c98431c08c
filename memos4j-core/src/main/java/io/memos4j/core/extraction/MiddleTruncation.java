package io.memos4j.core.extraction;

/** Truncates texts in their middle, since beginnings and ends say most. */
final class MiddleTruncation {
    /** The longest mark. */
    private static final int MARK = 24;

    private MiddleTruncation() {}

    /**
     * Truncates a text to {@code length} UTF-16 units, with a mark that says how many were left out; no character is
     * split.
     */
    static String truncate(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int kept = Math.max(0, length - MARK);
        int head = kept - kept / 3;
        int tail = text.length() - kept / 3;
        if (head > 0 && Character.isHighSurrogate(text.charAt(head - 1))) {
            head--;
        }
        if (tail < text.length() && Character.isLowSurrogate(text.charAt(tail))) {
            tail++;
        }
        return text.substring(0, head) + " […" + (tail - head) + " cut…] " + text.substring(tail);
    }
}
