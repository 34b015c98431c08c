package io.memos4j.core.activation;

import io.memos4j.spi.TokenSink;
import java.util.function.Predicate;

/**
 * Hands an answer on as it comes, once, also where the model has to begin it again because there was no room to end it: the same prompt and
 * options give the same tokens. For one answer.
 */
final class Heard {
    private final Predicate<String> sink;
    private int heard;

    Heard(Predicate<String> sink) {
        this.sink = sink;
    }

    /** For a model that begins the answer, perhaps again. */
    TokenSink again() {
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
