package io.memos4j.models.langchain4j;

import io.memos4j.spi.ChatAnswer;
import io.memos4j.spi.Generation.End;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** An answer as it comes. Not thread-safe. */
final class ChatProgress {
    private final Predicate<String> sink;
    private final Failures failures;
    private final long start = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private Duration firstText = Duration.ZERO;
    private Optional<End> end = Optional.empty();
    private int promptTokens;
    private int cachedTokens;
    private int outputTokens;

    ChatProgress(Predicate<String> sink, Failures failures) {
        this.sink = sink;
        this.failures = failures;
    }

    Failures failures() {
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
            end = Optional.of(End.CANCELLED);
        }
    }

    void end(End reason) {
        if (!cancelled()) {
            end = Optional.of(reason);
        }
    }

    /** What the provider counted; the whole prompt, cached tokens included. */
    void prompt(int tokens, int cached) {
        promptTokens = tokens;
        cachedTokens = cached;
    }

    void output(int tokens) {
        outputTokens = tokens;
    }

    boolean cancelled() {
        return end.equals(Optional.of(End.CANCELLED));
    }

    /** What came, when no more will. */
    ChatAnswer answer() {
        End last = end.orElseThrow(() -> failures.broken("it ends before its last event"));
        if (last == End.STOP && text.toString().isBlank()) {
            throw failures.broken("it holds no text");
        }
        return new ChatAnswer(text.toString(), last, promptTokens, cachedTokens, outputTokens, firstText);
    }
}
