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
 * <p>A token without text is held back until something follows it: it may be the token that ends the text, which
 * servers also name.
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
     * Starts now, after a prefix.
     *
     * @param remainingTokens the most tokens to take
     */
    StreamedContinuation(int remainingTokens, TokenSink sink, RuntimeCall call, RuntimeCounters counters) {
        this.remainingTokens = remainingTokens;
        this.sink = sink;
        this.call = call;
        this.counters = counters;
    }

    /** The number of tokens that may still come. */
    int remainingTokens() {
        return remainingTokens - length;
    }

    /** The tokens so far, held-back ones included. */
    int[] tokens() {
        return Arrays.copyOf(tokens, length);
    }

    int length() {
        return length;
    }

    /**
     * Adds tokens and the text that they produce together, and passes them on.
     *
     * @return whether to continue
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

    /** Removes the last token, which ended the text. */
    void dropEndToken() {
        if (length > given) {
            length--;
        }
    }

    /** Passes on the held-back tokens, the text with the last of them. */
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

    /** Builds the result when the stream has ended. */
    GenerationResult finish(FinishReason end) {
        FinishReason last = end == FinishReason.CANCELLED || emit("") ? end : FinishReason.CANCELLED;
        return new GenerationResult(Arrays.copyOf(tokens, given), text.toString(), last, firstToken);
    }
}
