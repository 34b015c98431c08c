package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Splits text into windows of token ids, each framed by the model's special tokens. Thread-safe. */
final class WindowTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final long[] opening;
    private final long[] closing;
    private final int room;

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @param maxTokens size of a window, special tokens included
     */
    WindowTokenizer(InputStream json, int maxTokens, String name) {
        this.tokenizer = load(json, name);
        long[] special = tokenizer.encode("", true, false).getIds();
        int before = (special.length + 1) / 2;
        this.opening = Arrays.copyOfRange(special, 0, before);
        this.closing = Arrays.copyOfRange(special, before, special.length);
        this.room = maxTokens - special.length;
        if (room < 1) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION, "A window of " + maxTokens + " tokens has no space for text.");
        }
    }

    /** Loads a {@code tokenizer.json} without truncation or padding. */
    static HuggingFaceTokenizer load(InputStream json, String name) {
        try {
            return HuggingFaceTokenizer.newInstance(json, Map.of("truncation", "false", "padding", "false"));
        } catch (IOException | RuntimeException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot read tokenizer " + name + ": " + e.getMessage()
                            + ". It must be a Hugging Face tokenizer.json.",
                    e);
        }
    }

    /** Splits a text into windows of nearly equal size; a text without tokens becomes one window of special tokens. */
    List<long[]> windows(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        long[] ids = encoding.getIds();
        int count = Math.max(1, (ids.length + room - 1) / room);
        List<long[]> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) ids.length * i / count);
            int to = (int) ((long) ids.length * (i + 1) / count);
            windows.add(framed(ids, from, to));
        }
        return windows;
    }

    private long[] framed(long[] ids, int from, int to) {
        long[] framed = new long[opening.length + to - from + closing.length];
        System.arraycopy(opening, 0, framed, 0, opening.length);
        System.arraycopy(ids, from, framed, opening.length, to - from);
        System.arraycopy(closing, 0, framed, opening.length + to - from, closing.length);
        return framed;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
