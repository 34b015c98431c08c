package io.memos4j.server.facade;

import java.nio.charset.StandardCharsets;

/**
 * Keeps rendered memories within a token budget. Counts three bytes of UTF-8 as a token, which is generous for English
 * and about right for Chinese, and needs no model's tokenizer. Not thread-safe.
 */
public final class PromptTokenBudget {
    private static final int BYTES_PER_TOKEN = 3;
    private static final String CUT = " … [cut]";

    private int bytes;
    private boolean exceeded;

    public PromptTokenBudget(int tokens) {
        this.bytes = tokens * BYTES_PER_TOKEN;
    }

    /** Deducts the text if it fits; returns whether it does. */
    public boolean tryConsume(String text) {
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > bytes) {
            exceeded = true;
            return false;
        }
        bytes -= size;
        return true;
    }

    /** Returns as much of the start of a text as fits. */
    public String truncate(String text) {
        if (tryConsume(text)) {
            return text;
        }
        int end = 0;
        int left = bytes - CUT.length() - 2;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            left -= codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        bytes = 0;
        return text.substring(0, end) + CUT;
    }

    /** Returns whether something did not fit. */
    public boolean exceeded() {
        return exceeded;
    }
}
