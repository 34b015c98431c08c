package io.memos4j.core.kvcache;

import io.memos4j.spi.runtime.TokenSink;
import java.util.function.Predicate;

/**
 * Passes the tokens of an answer on exactly once, even if the model has to restart the answer because its context was
 * full: the same prompt and options produce the same tokens. For one answer.
 */
final class ReplaySafeSink {
    private final Predicate<String> sink;
    private int passedOn;

    ReplaySafeSink(Predicate<String> sink) {
        this.sink = sink;
    }

    /** Returns a sink for the next attempt to generate the answer. */
    TokenSink newAttempt() {
        int[] count = {0};
        return (token, text) -> {
            if (++count[0] <= passedOn) {
                return true;
            }
            passedOn = count[0];
            return text.isEmpty() || sink.test(text);
        };
    }
}
