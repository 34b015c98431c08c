package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Behavior of models over sockets, for both protocols. */
class LangChain4jProvidersTest {
    private static final String KEY = "sk-test-0123456789";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedModelServer server = ScriptedModelServer.start();

    enum ChatProtocol {
        OPENAI,
        ANTHROPIC;

        LanguageModel at(URI baseUrl) {
            return switch (this) {
                case OPENAI -> LangChain4jModels.openAi(baseUrl, KEY, "gpt-4.1-mini");
                case ANTHROPIC -> LangChain4jModels.anthropic(baseUrl, KEY, "claude-sonnet-4-5");
            };
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Prompt prompt(Duration timeout) {
        return new Prompt("You extract facts.", "I moved to Porto.", "", 64, timeout);
    }

    private MemoryException failure(ChatProtocol provider, Duration timeout) {
        MemoryException failure = catchThrowableOfType(
                MemoryException.class, () -> provider.at(server.baseUrl()).complete(prompt(timeout)));
        assertThat(failure).isNotNull();
        assertThat(stackTrace(failure)).doesNotContain(KEY);
        return failure;
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerComesWithItsTokens(ChatProtocol provider) {
        server.then(Answer.text("The user lives in Porto. 🏠"));

        assertThat(provider.at(server.baseUrl()).complete(prompt(LONG)))
                .isEqualTo(new Completion(
                        "The user lives in Porto. 🏠",
                        ScriptedModelServer.INPUT_TOKENS,
                        ScriptedModelServer.OUTPUT_TOKENS,
                        false));
    }

    @ParameterizedTest
    @EnumSource
    void theRequestHoldsThePromptItsLimitAndTemperatureZero(ChatProtocol provider) {
        server.then(Answer.text("a"));

        provider.at(server.baseUrl()).complete(prompt(LONG));

        assertThat(server.requests()).hasSize(1);
        ScriptedModelServer.Request request = server.requests().getFirst();
        assertThat(request.system()).isEqualTo("You extract facts.");
        assertThat(request.user()).isEqualTo("I moved to Porto.");
        JsonNode body = JsonMapper.builder().build().readTree(request.body());
        assertThat(body.path("temperature").asDouble(-1)).isZero();
        assertThat(body.path("max_tokens").asInt()).isEqualTo(64);
        assertThat(body.has("response_format") || body.has("output_config")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void noUpgradeToHttp2IsOfferedBecauseServersLoseTheBodyOverIt(ChatProtocol provider) {
        server.then(Answer.text("a"));

        provider.at(server.baseUrl()).complete(prompt(LONG));

        assertThat(server.requests().getFirst().headers()).doesNotContainKeys("upgrade", "http2-settings");
    }

    @ParameterizedTest
    @EnumSource
    void thereMayBeNoInstructions(ChatProtocol provider) {
        server.then(Answer.text("a"));

        provider.at(server.baseUrl()).complete(new Prompt("", "Hello", "", 64, LONG));

        assertThat(server.requests().getFirst().system()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerAtTheLengthLimitIsCut(ChatProtocol provider) {
        server.then(Answer.truncated("The user li"));

        Completion completion = provider.at(server.baseUrl()).complete(prompt(LONG));

        assertThat(completion.text()).isEqualTo("The user li");
        assertThat(completion.cut()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aSlowAnswerInTimeIsAnAnswer(ChatProtocol provider) {
        server.then(Answer.slow(Duration.ofMillis(50), "a"));

        assertThat(provider.at(server.baseUrl()).complete(prompt(LONG)).text()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "400, MODEL_REFUSED",
        "401, MODEL_REFUSED",
        "403, MODEL_REFUSED",
        "404, MODEL_REFUSED",
        "413, MODEL_REFUSED",
        "302, MODEL_REFUSED",
        "408, MODEL_FAILED",
        "429, MODEL_FAILED",
        "500, MODEL_FAILED",
        "503, MODEL_FAILED",
        "529, MODEL_FAILED"
    })
    void aStatusIsARefusalOrAFailureAndIsTriedOnce(int status, ErrorCode code) {
        for (ChatProtocol provider : ChatProtocol.values()) {
            int before = server.requests().size();
            server.then(Answer.status(status, "{\"error\": {\"message\": \"no luck for key " + KEY + "\"}}"));

            MemoryException failure = failure(provider, LONG);

            assertThat(failure.code()).as("%s", failure).isEqualTo(code);
            assertThat(failure).hasMessageContaining("HTTP " + status).hasMessageContaining("no luck for key ***");
            assertThat(server.requests()).hasSize(before + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsNotJsonIsAFailure(ChatProtocol provider) {
        server.then(Answer.garbage());

        assertThat(failure(provider, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void jsonOfAnotherShapeIsAFailure(ChatProtocol provider) {
        for (String body : List.of("{}", "null", "[]", "\"text\"", "{\"choices\": [{}]}", "{\"content\": [{}]}", "")) {
            server.then(Answer.status(200, body));

            assertThat(failure(provider, LONG).code()).as(body).isEqualTo(ErrorCode.MODEL_FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyAnswerIsAFailure(ChatProtocol provider) {
        server.then(Answer.empty(), Answer.text(" "));

        assertThat(failure(provider, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
        assertThat(failure(provider, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedConnectionIsAFailureAndIsTriedOnce(ChatProtocol provider) {
        server.then(Answer.drop());

        assertThat(failure(provider, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsNotThereIsAFailure(ChatProtocol provider) {
        server.close();

        assertThat(failure(provider, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }
}
