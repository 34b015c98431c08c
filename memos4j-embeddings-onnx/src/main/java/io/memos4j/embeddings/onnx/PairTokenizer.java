package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Makes a query and a text one sequence of tokens, in the form that a tokenizer gives to pairs. Thread-safe.
 *
 * <p>The form, special tokens and token types, is read off one encoded pair: so a query is cut into tokens once for all
 * texts, and a cut falls between tokens. The query keeps at most half of the room in a window, the text gets what the
 * query leaves; what is too long loses its end.
 */
final class PairTokenizer implements AutoCloseable {
    /**
     * No language needs more characters for a token on average; what lies beyond a window of such tokens is not even
     * looked at.
     */
    private static final int LONGEST_TOKEN = 32;

    private static final long QUERY = 0;
    private static final long TEXT = 1;

    private final HuggingFaceTokenizer tokenizer;
    private final Encoding form;
    private final int queryAt;
    private final int queryEnd;
    private final int textAt;
    private final int textEnd;
    private final int maxTokens;

    /** A pair in tokens. */
    static final class Pair {
        private final long[] tokens;
        private final long[] types;

        private Pair(long[] tokens, long[] types) {
            this.tokens = tokens;
            this.types = types;
        }

        long[] tokens() {
            return tokens;
        }

        long[] types() {
            return types;
        }
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @param maxTokens size of a window, special tokens included
     */
    PairTokenizer(InputStream json, int maxTokens, String name) {
        this.tokenizer = WindowTokenizer.load(json, name);
        this.maxTokens = maxTokens;
        this.form = tokenizer.encode("a", "a", true, false);
        long[] sequences = form.getSequenceIds();
        this.queryAt = first(sequences, QUERY);
        this.queryEnd = last(sequences, QUERY) + 1;
        this.textAt = first(sequences, TEXT);
        this.textEnd = last(sequences, TEXT) + 1;
        if (queryAt < 0 || textAt < queryEnd) {
            tokenizer.close();
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Tokenizer " + name + " makes no pairs of a query and a text. Use the one of the cross-encoder.");
        }
        if (room() < 2) {
            tokenizer.close();
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "A window of " + maxTokens + " tokens has no room for a query and a text.");
        }
    }

    private static int first(long[] sequences, long wanted) {
        int at = 0;
        while (at < sequences.length && sequences[at] != wanted) {
            at++;
        }
        return at < sequences.length ? at : -1;
    }

    private static int last(long[] sequences, long wanted) {
        int at = sequences.length - 1;
        while (at >= 0 && sequences[at] != wanted) {
            at--;
        }
        return at;
    }

    /** Tokens of query and text that a window holds. */
    private int room() {
        return maxTokens - (form.getIds().length - (queryEnd - queryAt) - (textEnd - textAt));
    }

    /** The tokens of a query, at most half of the room. */
    long[] query(String query) {
        return tokens(query, room() / 2);
    }

    /** A query, as {@link #query} gave it, with a text. */
    Pair pair(long[] query, String text) {
        long[] second = tokens(text, room() - query.length);
        long[] types = form.getTypeIds();
        return new Pair(
                framed(form.getIds(), query, second),
                framed(types, repeated(types[queryAt], query.length), repeated(types[textAt], second.length)));
    }

    /** The form with its query and text replaced. */
    private long[] framed(long[] frame, long[] query, long[] text) {
        return Stream.of(
                        Arrays.copyOfRange(frame, 0, queryAt),
                        query,
                        Arrays.copyOfRange(frame, queryEnd, textAt),
                        text,
                        Arrays.copyOfRange(frame, textEnd, frame.length))
                .flatMapToLong(Arrays::stream)
                .toArray();
    }

    private static long[] repeated(long value, int times) {
        long[] values = new long[times];
        Arrays.fill(values, value);
        return values;
    }

    private long[] tokens(String text, int most) {
        String read = text.substring(0, (int) Math.min(text.length(), (long) maxTokens * LONGEST_TOKEN));
        long[] ids = tokenizer.encode(read, false, false).getIds();
        return ids.length <= most ? ids : Arrays.copyOf(ids, most);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
