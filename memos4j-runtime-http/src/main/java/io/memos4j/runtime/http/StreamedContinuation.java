package io.memos4j.runtime.http;

import io.memos4j.runtime.files.RuntimeCounters;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.TokenSink;
import java.time.Duration;
import java.util.Arrays;

/**
 * The tokens that a generation adds to a prefix, as the server names them. Not thread-safe.
 *
 * <p>A token without text is held back until something follows it: it may be the one that ends the text, which servers
 * name too.
 */
final class StreamedContinuation {
    private final int remainingTokens;
    private final TokenSink sink;
    private final RuntimeCall call;
    private final RuntimeCounters counters;
    private final long start = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private int[] tokens = new int[64];
    private int length;
    private int given;
    private Duration firstToken = Duration.ZERO;

    /**
     * After a prefix, from now on.
     *
     * @param room the most tokens to take
     */
    StreamedContinuation(int room, TokenSink sink, RuntimeCall call, RuntimeCounters counters) {
        this.remainingTokens = room;
        this.sink = sink;
        this.call = call;
        this.counters = counters;
    }

    /** How many more tokens may come. */
    int remainingTokens() {
        return remainingTokens - length;
    }

    /** The tokens so far, with those that are held back. */
    int[] tokens() {
        return Arrays.copyOf(tokens, length);
    }

    int length() {
        return length;
    }

    /**
     * Takes tokens and what they add to the text together, and hands them on.
     *
     * @return whether to go on
     */
    boolean append(int[] more, String added) {
        call.requireRunning();
        for (int i = 0; i < more.length && length < remainingTokens; i++) {
            if (length == tokens.length) {
                tokens = Arrays.copyOf(tokens, length * 2);
            }
            tokens[length++] = more[i];
        }
        return added.isEmpty() || emit(added);
    }

    /** Takes back the last token: it ended the text. */
    void dropEndToken() {
        if (length > given) {
            length--;
        }
    }

    /** Hands on what is held back, the text with the last token. */
    private boolean emit(String added) {
        if (given == 0 && length > 0) {
            firstToken = Duration.ofNanos(System.nanoTime() - start);
            counters.recordFirstToken(firstToken);
        }
        if (given == length) {
            text.append(added);
        }
        while (given < length) {
            String piece = given == length - 1 ? added : "";
            text.append(piece);
            counters.generated.increment();
            if (!sink.accept(tokens[given++], piece)) {
                return false;
            }
            call.requireRunning();
        }
        return true;
    }

    /** What came, when no more will. */
    GenerationResult finish(FinishReason end) {
        FinishReason last = end == FinishReason.CANCELLED || emit("") ? end : FinishReason.CANCELLED;
        return new GenerationResult(Arrays.copyOf(tokens, given), text.toString(), last, firstToken);
    }
}
