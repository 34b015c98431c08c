package io.memos4j.trainer.external;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps the end of a program's output. */
final class OutputTail {
    /** The number of bytes that are kept. */
    static final int KEPT = 1 << 14;

    private byte[] end = {};

    void add(byte[] block, int length) {
        int kept = Math.min(end.length, Math.max(0, KEPT - length));
        int added = Math.min(length, KEPT);
        byte[] joined = Arrays.copyOfRange(end, end.length - kept, end.length - kept + kept + added);
        System.arraycopy(block, length - added, joined, kept, added);
        end = joined;
    }

    /** The kept bytes as text, without control characters that would move a cursor. */
    String text() {
        return new String(end, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "");
    }
}
