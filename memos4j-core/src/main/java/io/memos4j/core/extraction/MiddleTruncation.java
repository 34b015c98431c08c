package io.memos4j.core.extraction;

/** Shortens a text in its middle: openings and ends say most. */
final class MiddleTruncation {
    /** No mark is longer. */
    private static final int MARK = 24;

    private MiddleTruncation() {}

    /**
     * The text, at most {@code length} UTF-16 units long, with a mark that says how many were left out; no character is
     * halved.
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
