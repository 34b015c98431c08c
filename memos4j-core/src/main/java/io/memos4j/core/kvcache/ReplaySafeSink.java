package io.memos4j.core.kvcache;

import io.memos4j.spi.runtime.TokenSink;
import java.util.function.Predicate;

/**
 * Hands an answer on as it comes, once, also where the model has to begin it again because there was no room to end it:
 * the same prompt and options give the same tokens. For one answer.
 */
final class ReplaySafeSink {
    private final Predicate<String> sink;
    private int heard;

    ReplaySafeSink(Predicate<String> sink) {
        this.sink = sink;
    }

    /** For a model that begins the answer, perhaps again. */
    TokenSink newAttempt() {
        int[] told = {0};
        return (token, text) -> {
            if (++told[0] <= heard) {
                return true;
            }
            heard = told[0];
            return text.isEmpty() || sink.test(text);
        };
    }
}
