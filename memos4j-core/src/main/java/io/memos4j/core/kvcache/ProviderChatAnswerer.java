package io.memos4j.core.kvcache;

import io.memos4j.api.chat.ChatReply.Usage;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Answers with a provider's model, which is told the length of the stable part of the prompt and caches it itself.
 * Thread-safe.
 */
final class ProviderChatAnswerer implements ChatAnswerer {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final ChatModel model;

    ProviderChatAnswerer(ChatModel model) {
        this.model = model;
    }

    @Override
    public ModelAnswer answer(PromptLayout layout, ChatRequest request, Predicate<String> sink) {
        List<ChatTurn> turns = layout.turns();
        ChatAnswer answer = model.answer(
                new ChatPrompt(
                        turns,
                        request.reuse() ? turns.size() - 1 : 0,
                        request.reuse() ? ContentFingerprint.of(turns.getFirst().text()) : "",
                        request.maxTokens(),
                        request.sampling().temperature(),
                        TIMEOUT),
                sink);
        return new ModelAnswer(
                answer.text(),
                answer.finishReason() == FinishReason.STOP,
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
