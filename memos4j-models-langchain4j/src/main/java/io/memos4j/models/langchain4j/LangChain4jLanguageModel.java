package io.memos4j.models.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.memos4j.spi.models.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adapts a chat model of LangChain4j. Thread-safe. */
final class LangChain4jLanguageModel implements LanguageModel {
    private final ChatModel lax;
    private final ChatModel strict;
    private final ModelDialect dialect;
    private final ModelFailureMapper failures;
    private final DeadlineRunner calls;

    /**
     * Creates a model whose id is that of {@code failures}; {@code strict} is called where the schema of the answer
     * allows it.
     */
    LangChain4jLanguageModel(ChatModel lax, ChatModel strict, ModelDialect dialect, ModelFailureMapper failures) {
        this.lax = lax;
        this.strict = strict;
        this.dialect = dialect;
        this.failures = failures;
        this.calls = new DeadlineRunner(failures);
    }

    @Override
    public String id() {
        return failures.id();
    }

    @Override
    public Completion complete(Prompt prompt) {
        @Nullable AnswerSchema schema = prompt.schema().isBlank() ? null : AnswerSchema.of(prompt.schema());
        ChatModel model = schema != null && schema.strict() ? strict : lax;
        ChatRequest request = ChatRequest.builder()
                .messages(messages(prompt))
                .parameters(parameters(prompt, schema))
                .build();
        return completion(calls.callWithin(prompt.timeout(), () -> model.chat(request)));
    }

    private static List<ChatMessage> messages(Prompt prompt) {
        List<ChatMessage> messages = new ArrayList<>();
        if (!prompt.system().isBlank()) {
            messages.add(SystemMessage.from(prompt.system()));
        }
        messages.add(UserMessage.from(prompt.user()));
        return messages;
    }

    private ChatRequestParameters parameters(Prompt prompt, @Nullable AnswerSchema schema) {
        DefaultChatRequestParameters.Builder<?> parameters;
        if (dialect.completionTokens()) {
            parameters = OpenAiChatRequestParameters.builder().maxCompletionTokens(prompt.maxTokens());
        } else {
            parameters = ChatRequestParameters.builder().maxOutputTokens(prompt.maxTokens());
        }
        if (dialect.temperature()) {
            parameters.temperature(0.0);
        }
        if (schema != null && isSent(schema)) {
            parameters.responseFormat(schema.format());
        }
        return parameters.build();
    }

    private boolean isSent(AnswerSchema schema) {
        return switch (dialect.schema()) {
            case NONE -> false;
            case STRICT -> schema.strict();
            case ANY -> true;
        };
    }

    private Completion completion(ChatResponse response) {
        if (response.finishReason() == FinishReason.CONTENT_FILTER) {
            throw failures.answerWithheld();
        }
        boolean cut = response.finishReason() == FinishReason.LENGTH;
        String text = Objects.requireNonNullElse(response.aiMessage().text(), "");
        if (text.isBlank() && !cut) {
            throw failures.unusableAnswer("it holds no text");
        }
        TokenUsage usage = response.tokenUsage();
        return usage == null
                ? new Completion(text, 0, 0, cut)
                : new Completion(text, input(usage), count(usage.outputTokenCount()), cut);
    }

    /** Anthropic does not count the tokens that it reads from or writes to its cache as input. */
    private static int input(TokenUsage usage) {
        int input = count(usage.inputTokenCount());
        return usage instanceof AnthropicTokenUsage anthropic
                ? input + count(anthropic.cacheReadInputTokens()) + count(anthropic.cacheCreationInputTokens())
                : input;
    }

    private static int count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }

    @Override
    public void close() {
        calls.close();
    }
}
