package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Combines a query and a text into one sequence of tokens, in the form of the tokenizer's pairs. Thread-safe.
 *
 * <p>The form, special tokens and token types, is taken from one encoded pair: so a query is tokenized once for all
 * texts, and cuts fall between tokens. The query keeps at most half of a window, the text gets what the query leaves;
 * what is too long loses its end.
 */
final class PairTokenizer implements AutoCloseable {
    /**
     * More characters per token than any language needs on average; text beyond a window of such tokens is not
     * tokenized at all.
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

    /** A tokenized pair. */
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
                    "A window of " + maxTokens + " tokens has no space for a query and a text.");
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

    /** The number of tokens of query and text that fit into a window. */
    private int room() {
        return maxTokens - (form.getIds().length - (queryEnd - queryAt) - (textEnd - textAt));
    }

    /** Tokenizes a query, to at most half of a window. */
    long[] query(String query) {
        return tokens(query, room() / 2);
    }

    /** Combines a query, as {@link #query} returned it, with a text. */
    Pair pair(long[] query, String text) {
        long[] second = tokens(text, room() - query.length);
        long[] types = form.getTypeIds();
        return new Pair(
                framed(form.getIds(), query, second),
                framed(types, repeated(types[queryAt], query.length), repeated(types[textAt], second.length)));
    }

    /** Replaces query and text in the form. */
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
