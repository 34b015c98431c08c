package io.memos4j.models.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.memos4j.api.ErrorCode;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Prompt;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Models of LangChain4j that this module knows nothing about. */
class LangChain4jOtherModelTest {
    private static final String STRICT = """
            {"type": "object", "properties": {"facts": {"type": "array", "items": {"type": "string"}}},
             "required": ["facts"], "additionalProperties": false}""";
    private static final String LAX = """
            {"type": "object", "properties": {"facts": {"type": "array", "maxItems": 3}}}""";

    private static Prompt prompt(String schema) {
        return new Prompt("You extract.", "I moved to Porto.", schema, 64, Duration.ofSeconds(20));
    }

    @Test
    void anyOtherModelIsAskedThroughLangChain4j() {
        AtomicReference<ChatRequest> asked = new AtomicReference<>();
        LanguageModel model = LangChain4jModels.of("mine:echo", new Scripted(Set.of(), request -> {
            asked.set(request);
            return AiMessage.from("a");
        }));

        assertThat(model.id()).isEqualTo("mine:echo");
        assertThat(model.complete(prompt(STRICT)).text()).isEqualTo("a");
        assertThat(asked.get().temperature()).isZero();
        assertThat(asked.get().maxOutputTokens()).isEqualTo(64);
        assertThat(asked.get().responseFormat()).isNull();
    }

    @Test
    void anyOtherModelGetsTheSchemaIfItDeclaresThatItTakesOne() {
        AtomicReference<ChatRequest> asked = new AtomicReference<>();
        LanguageModel model = LangChain4jModels.of(
                "mine:echo", new Scripted(Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA), request -> {
                    asked.set(request);
                    return AiMessage.from("a");
                }));

        model.complete(prompt(LAX));

        assertThat(asked.get().responseFormat().jsonSchema()).isNotNull();
    }

    @Test
    void anyOtherModelThatThrowsHasFailed() {
        LanguageModel model = LangChain4jModels.of("mine:broken", new Scripted(Set.of(), request -> {
            throw new IllegalStateException("no model today");
        }));

        refused(ErrorCode.MODEL_FAILED, () -> model.complete(prompt("")), "mine:broken", "no model today");
    }

    /** A model of LangChain4j that answers with a function. */
    private record Scripted(Set<Capability> supportedCapabilities, Function<ChatRequest, AiMessage> answer)
            implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                    .aiMessage(answer.apply(request))
                    .finishReason(FinishReason.STOP)
                    .build();
        }
    }
}
