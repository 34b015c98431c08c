package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;

/** Collects the tokens that a generation adds to a prefix. Not thread-safe. */
final class TokenContinuation {
    /** The token id for the end of the text. */
    static final int NONE = -1;

    private record Choice(int token, byte[] piece) {}

    private final LlamaCppRuntime runtime;
    private final EngineAdapterMix mix;
    private final int prefix;
    private final long start;
    private final Utf8StreamDecoder characters = new Utf8StreamDecoder();
    private final StringBuilder text = new StringBuilder();
    private int[] tokens;
    private int total;
    private byte[] piece = new byte[0];
    private Duration firstToken = Duration.ZERO;

    /** Starts after {@code prefix}; the generation was requested at {@code start}, in nanoseconds. */
    TokenContinuation(LlamaCppRuntime runtime, TokenPrefix prefix, long start) {
        this.runtime = runtime;
        this.mix = prefix.mix();
        this.prefix = prefix.length();
        this.total = prefix.length();
        this.tokens = prefix.tokens().clone();
        this.start = start;
    }

    int length() {
        return total - prefix;
    }

    int total() {
        return total;
    }

    int[] all() {
        return Arrays.copyOf(tokens, total);
    }

    /** Computes the last token and samples the next one. */
    int next(int sequence, MemorySegment sampler) {
        int last = total - 1;
        Choice choice = runtime.thread().call(() -> {
            runtime.engine().require(1);
            runtime.engine().decode(new LlamaEngine.TokenRange(sequence, new TokenPrefix(tokens, mix), last, last + 1));
            return runtime.engine()
                    .sample(sampler)
                    .map(token -> new Choice(token, runtime.engine().vocabulary.piece(token)))
                    .orElse(new Choice(NONE, new byte[0]));
        });
        piece = choice.piece;
        return choice.token;
    }

    /** Adds the sampled token, and returns the text that it adds. */
    String add(int token) {
        if (length() == 0) {
            firstToken = Duration.ofNanos(System.nanoTime() - start);
            runtime.counters.recordFirstToken(firstToken);
        }
        if (total == tokens.length) {
            tokens = Arrays.copyOf(tokens, total + Math.max(64, total / 2));
        }
        tokens[total++] = token;
        runtime.counters.generated.increment();
        String added = characters.add(piece);
        text.append(added);
        return added;
    }

    GenerationResult finish(FinishReason end) {
        text.append(characters.flush());
        return new GenerationResult(Arrays.copyOfRange(tokens, prefix, total), text.toString(), end, firstToken);
    }
}
