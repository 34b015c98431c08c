package io.memos4j.core.activation;

import io.memos4j.api.ChatReply.Usage;
import io.memos4j.api.ChatRequest;
import io.memos4j.core.reader.Fingerprint;
import io.memos4j.spi.ChatAnswer;
import io.memos4j.spi.ChatModel;
import io.memos4j.spi.ChatPrompt;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.Generation.End;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Answers by a provider's model: it is told where the stable part of the prompt ends, and keeps that itself. Thread-safe. */
final class ProviderAnswers implements Answers {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final ChatModel model;

    ProviderAnswers(ChatModel model) {
        this.model = model;
    }

    @Override
    public Answer answer(Talk talk, ChatRequest request, Predicate<String> sink) {
        List<ChatTurn> turns = talk.turns();
        ChatAnswer answer = model.answer(
                new ChatPrompt(
                        turns,
                        request.reuse() ? turns.size() - 1 : 0,
                        request.reuse() ? Fingerprint.of(turns.getFirst().text()) : "",
                        request.maxTokens(),
                        request.choice().temperature(),
                        TIMEOUT),
                sink);
        return new Answer(
                answer.text(),
                answer.end() == End.STOP,
                new Usage(
                        answer.promptTokens(),
                        answer.cachedTokens(),
                        answer.outputTokens(),
                        answer.timeToFirstToken(),
                        answer.cachedTokens() > 0 ? "provider" : ""),
                List.of());
    }

    @Override
    public void close() {
        model.close();
    }
}
