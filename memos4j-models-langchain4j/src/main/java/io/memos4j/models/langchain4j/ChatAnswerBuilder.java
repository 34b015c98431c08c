package io.memos4j.models.langchain4j;

import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Collects an answer as it arrives. Not thread-safe. */
final class ChatAnswerBuilder {
    private final Predicate<String> sink;
    private final ModelFailureMapper failures;
    private final long start = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private Duration firstText = Duration.ZERO;
    private Optional<FinishReason> end = Optional.empty();
    private int promptTokens;
    private int cachedTokens;
    private int outputTokens;

    ChatAnswerBuilder(Predicate<String> sink, ModelFailureMapper failures) {
        this.sink = sink;
        this.failures = failures;
    }

    ModelFailureMapper failures() {
        return failures;
    }

    void text(String piece) {
        if (piece.isEmpty() || cancelled()) {
            return;
        }
        if (text.isEmpty()) {
            firstText = Duration.ofNanos(System.nanoTime() - start);
        }
        text.append(piece);
        if (!sink.test(piece)) {
            end = Optional.of(FinishReason.CANCELLED);
        }
    }

    void end(FinishReason reason) {
        if (!cancelled()) {
            end = Optional.of(reason);
        }
    }

    /** Sets the provider's token counts of the whole prompt, cached tokens included. */
    void prompt(int tokens, int cached) {
        promptTokens = tokens;
        cachedTokens = cached;
    }

    void output(int tokens) {
        outputTokens = tokens;
    }

    boolean cancelled() {
        return end.equals(Optional.of(FinishReason.CANCELLED));
    }

    /** Builds the answer when the stream has ended. */
    ChatAnswer toAnswer() {
        FinishReason last = end.orElseThrow(() -> failures.unusableAnswer("it ends before its last event"));
        if (last == FinishReason.STOP && text.toString().isBlank()) {
            throw failures.unusableAnswer("it holds no text");
        }
        return new ChatAnswer(text.toString(), last, promptTokens, cachedTokens, outputTokens, firstText);
    }
}
