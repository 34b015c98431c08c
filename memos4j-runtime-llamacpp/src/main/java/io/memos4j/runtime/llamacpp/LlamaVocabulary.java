package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The vocabulary of a model. Lives on the thread of its {@link LlamaEngine}, like all native state; the size may be
 * read anywhere.
 */
final class LlamaVocabulary {
    private static final int PIECE = 64;
    private static final String LINE_BREAK = "\n";

    private final LlamaBindings llama;
    private final MemorySegment vocabulary;
    private final int[] lineBreak;
    final int size;

    LlamaVocabulary(LlamaBindings llama, MemorySegment vocabulary) {
        this.llama = llama;
        this.vocabulary = vocabulary;
        this.size = LlamaBindings.call(() -> (int) llama.words.size.invokeExact(vocabulary));
        this.lineBreak = tokenize(LINE_BREAK, false);
    }

    /** Refuses ids that the model does not have. */
    void check(int[] tokens) {
        for (int token : tokens) {
            if (token < 0 || token >= size) {
                throw MemoryException.invalid(
                        "There is no token " + token + ": the vocabulary has 0 to " + (size - 1) + ".");
            }
        }
    }

    boolean isEndToken(int token) {
        return LlamaBindings.call(() -> (boolean) llama.words.ends.invokeExact(vocabulary, token));
    }

    boolean isControl(int token) {
        return LlamaBindings.call(() -> (boolean) llama.words.isControl.invokeExact(vocabulary, token));
    }

    /** Tells whether there is a control token of this name. */
    boolean isControl(String name) {
        int[] tokens = tokenize(name, true);
        return tokens.length == 1 && isControl(tokens[0]);
    }

    /**
     * Tokenizes a text.
     *
     * @param control whether names of control tokens become these tokens
     */
    int[] tokenize(String text, boolean control) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length == 0 ? new int[0] : tokenize(bytes, control);
    }

    /**
     * Tokenizes a text that follows other text, without the space that some vocabularies put at the beginning of texts.
     * It avoids the space by tokenizing a line break first, whose tokens are then removed.
     */
    int[] tokenizeContinuation(String text, boolean control) {
        int[] plain = tokenize(text, control);
        if (plain.length == 0 || lineBreak.length == 1) {
            return plain;
        }
        int[] both = tokenize(LINE_BREAK + text, control);
        return Arrays.mismatch(both, lineBreak) == lineBreak.length
                ? Arrays.copyOfRange(both, lineBreak.length, both.length)
                : plain;
    }

    /** Prepends the start token, if the vocabulary wants one and it is missing. */
    int[] prependStart(int[] tokens) {
        int first = LlamaBindings.call(() -> (int) llama.words.start.invokeExact(vocabulary));
        boolean wanted = first >= 0
                && (tokens.length == 0 || tokens[0] != first)
                && LlamaBindings.call(() -> (boolean) llama.words.addsStart.invokeExact(vocabulary));
        if (!wanted) {
            return tokens;
        }
        int[] begun = new int[tokens.length + 1];
        begun[0] = first;
        System.arraycopy(tokens, 0, begun, 1, tokens.length);
        return begun;
    }

    private int[] tokenize(byte[] bytes, boolean control) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment none = MemorySegment.NULL;
            int count = -tokenize(text, none, 0, control);
            MemorySegment tokens = arena.allocate(JAVA_INT, Math.max(count, 1));
            if (count < 0 || tokenize(text, tokens, count, control) != count) {
                throw failed("The text of " + bytes.length + " bytes cannot be tokenized.");
            }
            return tokens.asSlice(0, (long) count * Integer.BYTES).toArray(JAVA_INT);
        }
    }

    private int tokenize(MemorySegment text, MemorySegment tokens, int room, boolean control) {
        int length = (int) text.byteSize();
        return LlamaBindings.call(
                () -> (int) llama.words.tokenize.invokeExact(vocabulary, text, length, tokens, room, false, control));
    }

    String detokenize(int[] ids) {
        if (ids.length == 0) {
            return "";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tokens = arena.allocateFrom(JAVA_INT, ids);
            int length = detokenize(tokens, ids.length, arena.allocate(ids.length), ids.length);
            int room = Math.abs(length);
            MemorySegment text = arena.allocate(Math.max(room, 1));
            if (detokenize(tokens, ids.length, text, room) != room) {
                throw failed(ids.length + " tokens cannot be turned into text.");
            }
            return new String(text.asSlice(0, room).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    private int detokenize(MemorySegment tokens, int count, MemorySegment text, int room) {
        return LlamaBindings.call(
                () -> (int) llama.words.detokenize.invokeExact(vocabulary, tokens, count, text, room, false, false));
    }

    /** The bytes of one token, perhaps a part of a character; none for a control token. */
    byte[] piece(int token) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(PIECE);
            int length = piece(token, text);
            if (length < 0) {
                text = arena.allocate(-length);
                length = piece(token, text);
            }
            return text.asSlice(0, Math.max(length, 0)).toArray(JAVA_BYTE);
        }
    }

    private int piece(int token, MemorySegment text) {
        int room = (int) text.byteSize();
        return LlamaBindings.call(() -> (int) llama.words.piece.invokeExact(vocabulary, token, text, room, 0, false));
    }

    private MemoryException failed(String what) {
        return new MemoryException(ErrorCode.RUNTIME_FAILED, what + llama.log.complaints());
    }
}
