package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Behavior particular to one protocol; {@link LangChain4jProvidersTest} has what both share. */
class LangChain4jModelsTest {
    private static final String STRICT = """
            {"type": "object", "properties": {"facts": {"type": "array", "items": {"type": "string"}}},
             "required": ["facts"], "additionalProperties": false}""";
    private static final String LAX = """
            {"type": "object", "properties": {"facts": {"type": "array", "maxItems": 3}}}""";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ScriptedModelServer server = ScriptedModelServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Prompt prompt(String schema) {
        return new Prompt("You extract.", "I moved to Porto.", schema, 64, Duration.ofSeconds(20));
    }

    private JsonNode sent() {
        return JSON.readTree(server.requests().getLast().body());
    }

    private LanguageModel openAi(String model) {
        return LangChain4jModels.openAi(server.baseUrl(), "key-1", model);
    }

    private LanguageModel anthropic(String model) {
        return LangChain4jModels.anthropic(server.baseUrl(), "key-1", model);
    }

    @Test
    void openAiGetsItsKeyAsBearerAndAnthropicAsHeader() {
        server.then(Answer.text("a"), Answer.text("b"));

        openAi("gpt-4.1-mini").complete(prompt(""));
        anthropic("claude-sonnet-4-5").complete(prompt(""));

        assertThat(server.requests().get(0).path()).isEqualTo("/v1/chat/completions");
        assertThat(server.requests().get(0).authorization()).isEqualTo("Bearer key-1");
        assertThat(server.requests().get(1).path()).isEqualTo("/v1/messages");
        assertThat(server.requests().get(1).apiKey()).isEqualTo("key-1");
    }

    @Test
    void aLocalServerNeedsNoKey() {
        server.then(Answer.text("a"));

        LangChain4jModels.openAi(server.baseUrl(), "", "qwen3").complete(prompt(""));

        assertThat(server.requests().getFirst().authorization()).isEmpty();
    }

    @Test
    void openAiHoldsTheModelToAStrictSchemaAndIsGivenAnyOtherAsAHint() {
        server.then(Answer.text("a"), Answer.text("b"));

        openAi("gpt-4.1-mini").complete(prompt(STRICT));
        JsonNode strict = sent().path("response_format");
        openAi("gpt-4.1-mini").complete(prompt(LAX));
        JsonNode lax = sent().path("response_format");

        assertThat(strict.path("type").asString()).isEqualTo("json_schema");
        assertThat(strict.path("json_schema").path("strict").asBoolean()).isTrue();
        assertThat(strict.path("json_schema").path("schema")).isEqualTo(JSON.readTree(STRICT));
        assertThat(lax.path("json_schema").path("strict").asBoolean()).isFalse();
        assertThat(lax.path("json_schema").path("schema")).isEqualTo(JSON.readTree(LAX));
    }

    @Test
    void anthropicGetsAStrictSchemaAndNoOther() {
        server.then(Answer.text("a"), Answer.text("b"), Answer.text("c"));

        anthropic("claude-sonnet-4-5").complete(prompt(STRICT));
        JsonNode strict = sent().path("output_config").path("format");
        anthropic("claude-sonnet-4-5").complete(prompt(LAX));
        JsonNode lax = sent();
        anthropic("claude-3-5-haiku-latest").complete(prompt(STRICT));
        JsonNode old = sent();

        assertThat(strict.path("type").asString()).isEqualTo("json_schema");
        assertThat(strict.path("schema")).isEqualTo(JSON.readTree(STRICT));
        assertThat(lax.has("output_config")).isFalse();
        assertThat(old.has("output_config")).isFalse();
    }

    @Test
    void anthropicIsToldToCacheTheInstructions() {
        server.then(Answer.text("a"));

        anthropic("claude-sonnet-4-5").complete(prompt(""));

        assertThat(sent().path("system")
                        .path(0)
                        .path("cache_control")
                        .path("type")
                        .asString())
                .isEqualTo("ephemeral");
    }

    @Test
    void tokensOfAnthropicsCacheAreInputToo() {
        server.then(Answer.status(200, """
                {"id": "m", "type": "message", "role": "assistant", "content": [{"type": "text", "text": "a"}],
                 "stop_reason": "end_turn", "usage": {"input_tokens": 5, "output_tokens": 2,
                 "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30}}"""));

        assertThat(anthropic("claude-sonnet-4-5").complete(prompt(""))).isEqualTo(new Completion("a", 135, 2, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5-mini", "o4-mini", "openai/gpt-5.1"})
    void openAisReasoningModelsGetNoTemperatureAndTheirOwnLimit(String model) {
        server.then(Answer.text("a"));

        openAi(model).complete(prompt(""));

        assertThat(sent().has("temperature")).isFalse();
        assertThat(sent().has("max_tokens")).isFalse();
        assertThat(sent().path("max_completion_tokens").asInt()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-opus-4-7", "claude-opus-4-8-20260601", "claude-sonnet-5"})
    void newerClaudeModelsGetNoTemperature(String model) {
        server.then(Answer.text("a"));

        anthropic(model).complete(prompt(STRICT));

        assertThat(sent().has("temperature")).isFalse();
        assertThat(sent().has("output_config")).isTrue();
    }

    @Test
    void anAnswerThatTheContentFilterHoldsBackIsRefused() {
        server.then(Answer.status(200, """
                {"choices": [{"index": 0, "finish_reason": "content_filter",
                 "message": {"role": "assistant", "content": "I"}}]}"""));

        assertFails(openAi("gpt-4.1-mini"), ErrorCode.MODEL_REFUSED);
    }

    @Test
    void anAnswerWithoutUsageCountsNoTokens() {
        server.then(Answer.status(200, """
                {"choices": [{"index": 0, "finish_reason": "stop", "message":
                {"role": "assistant", "content": "a"}}]}"""));

        assertThat(openAi("qwen3").complete(prompt(""))).isEqualTo(new Completion("a", 0, 0, false));
    }

    @Test
    void aModelThatSpentItsTokensOnThinkingAnswersNothingAndIsCut() {
        server.then(Answer.truncated(""));

        Completion completion = openAi("gpt-5-mini").complete(prompt(""));

        assertThat(completion.text()).isEmpty();
        assertThat(completion.cut()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "\"text\""})
    void aSchemaThatIsNoJsonObjectIsRefusedBeforeTheCall(String schema) {
        refused(ErrorCode.INVALID_ARGUMENT, () -> openAi("gpt-4.1-mini").complete(prompt(schema)));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aKeyThatNoHeaderMayHoldIsRefusedWithoutBeingNamed() {
        assertThatThrownBy(() -> LangChain4jModels.openAi(server.baseUrl(), "secret\nkey", "m"))
                .isInstanceOf(MemoryException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aKeyMayEndWithTheLineBreakOfItsFile() {
        server.then(Answer.text("a"));

        LangChain4jModels.openAi(server.baseUrl(), "key-1\n", "m").complete(prompt(""));

        assertThat(server.requests().getFirst().authorization()).isEqualTo("Bearer key-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:11434", "/v1", "ftp://localhost/v1", "http://user:secret@localhost/v1"})
    void anAddressThatIsNotPlainHttpIsRefused(String address) {
        refused(ErrorCode.INVALID_ARGUMENT, () -> LangChain4jModels.openAi(URI.create(address), "", "m"))
                .hasMessageNotContaining("secret");
    }

    private static void assertFails(LanguageModel model, ErrorCode code) {
        refused(code, () -> model.complete(prompt("")));
    }
}
