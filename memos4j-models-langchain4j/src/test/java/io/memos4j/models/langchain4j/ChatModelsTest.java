package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.testkit.FailureAssertions;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import io.memos4j.testkit.models.SseEventFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ChatModelsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = "sk-secret";

    private static final List<ChatTurn> TURNS = List.of(
            ChatTurn.system("Frozen memory."),
            ChatTurn.system("Today is Monday."),
            ChatTurn.user("Who is Alice?"),
            ChatTurn.assistant("A sailor."),
            new ChatTurn(Role.TOOL, "She sails."),
            ChatTurn.user("Where?"));

    private final ScriptedModelServer server = ScriptedModelServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void openAiIsToldTheKeyOfThePrefixAndSaysWhatItHad() {
        server.then(Answer.stream(new SseEventFeed()
                .delta("In the ")
                .delta("harbour.")
                .say("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}")
                .say("{\"choices\":[],\"usage\":{\"prompt_tokens\":2000,\"completion_tokens\":7,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":1920}}}")
                .say("[DONE]")
                .end()));
        List<String> pieces = new ArrayList<>();
        ChatAnswer answer = openAi("gpt-4o").answer(prompt(3), pieces::add);
        assertThat(pieces).containsExactly("In the ", "harbour.");
        assertThat(answer.text()).isEqualTo("In the harbour.");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(List.of(answer.promptTokens(), answer.cachedTokens(), answer.outputTokens()))
                .containsExactly(2_000, 1_920, 7);
        assertThat(answer.timeToFirstToken()).isPositive();
        JsonNode body = sent();
        assertThat(body.path("prompt_cache_key").asString()).isEqualTo("cube-7");
        assertThat(body.path("stream_options").path("include_usage").asBoolean())
                .isTrue();
        assertThat(body.path("max_tokens").asInt()).isEqualTo(100);
        assertThat(body.path("messages")
                        .valueStream()
                        .map(each -> each.path("role").asString()))
                .containsExactly("system", "system", "user", "assistant", "user", "user");
        assertThat(server.requests().getLast().authorization()).isEqualTo("Bearer " + KEY);
    }

    @Test
    void openAisReasoningModelsTakeNeitherTemperatureNorMaxTokens() {
        server.then(Answer.stream(new SseEventFeed().delta("Yes.").stop()));
        openAi("gpt-5").answer(prompt(0), piece -> true);
        assertThat(sent().has("temperature")).isFalse();
        assertThat(sent().path("max_completion_tokens").asInt()).isEqualTo(100);
    }

    @Test
    void anthropicIsToldWhereInstructionsAndStableTurnsEnd() {
        // How many turns are stable, and which blocks bear a mark then.
        Map<Integer, List<Integer>> marks = Map.of(
                0, List.of(), 1, List.of(0), 2, List.of(1), 3, List.of(1, 2), 4, List.of(1, 3), 6, List.of(1, 5));
        marks.forEach((stable, marked) -> {
            server.then(Answer.stream(sailor()));
            anthropic().answer(prompt(stable), piece -> true);
            List<JsonNode> blocks = Stream.concat(
                            sent().path("system").valueStream(),
                            sent().path("messages")
                                    .valueStream()
                                    .flatMap(message -> message.path("content").valueStream()))
                    .toList();
            assertThat(blocks).hasSize(TURNS.size());
            assertThat(IntStream.range(0, blocks.size())
                            .filter(i -> blocks.get(i)
                                    .path("cache_control")
                                    .path("type")
                                    .asString("")
                                    .equals("ephemeral"))
                            .boxed())
                    .as("%s stable", stable)
                    .containsExactlyElementsOf(marked);
        });
        assertThat(server.requests().getLast().apiKey()).isEqualTo(KEY);
    }

    @Test
    void anthropicsCountsAreAddedUp() {
        server.then(Answer.stream(sailor()));
        ChatAnswer answer = anthropic().answer(prompt(3), piece -> true);
        assertThat(answer.text()).isEqualTo("At sea.");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(List.of(answer.promptTokens(), answer.cachedTokens(), answer.outputTokens()))
                .containsExactly(20 + 1_500 + 300, 1_500, 9);
    }

    @Test
    void blankTextsAreNeitherSentToAnthropicNorMarked() {
        server.then(Answer.stream(sailor()));
        List<ChatTurn> turns = List.of(ChatTurn.user("Who?"), ChatTurn.assistant(" "), ChatTurn.user("Where?"));
        anthropic().answer(new ChatPrompt(turns, 2, "", 5, 2, Duration.ofSeconds(30)), piece -> true);
        JsonNode messages = sent().path("messages");
        assertThat(messages.size()).isEqualTo(2);
        assertThat(messages.path(0).path("content").path(0).has("cache_control"))
                .isTrue();
        assertThat(sent().has("system")).isFalse();
    }

    @Test
    void anAnswerMayBeCutByItsLengthOrByTheSink() {
        server.then(Answer.stream(new SseEventFeed()
                .delta("In the")
                .say("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}")
                .say("[DONE]")
                .end()));
        assertThat(openAi("gpt-4o").answer(prompt(0), piece -> true).finishReason())
                .isEqualTo(FinishReason.LENGTH);
        SseEventFeed endless = new SseEventFeed().delta("one").delta("two");
        server.then(Answer.stream(endless));
        ChatAnswer cut = openAi("gpt-4o").answer(prompt(0), piece -> false);
        assertThat(cut.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(cut.text()).isEqualTo("one");
        await().until(() -> {
            endless.delta("more");
            return endless.abandoned().isDone();
        });
    }

    @Test
    void theSinkRunsOnTheCallingThreadAndMayThrow() {
        server.then(Answer.stream(new SseEventFeed().delta("one").stop()));
        List<Thread> threads = new ArrayList<>();
        openAi("gpt-4o").answer(prompt(0), piece -> threads.add(Thread.currentThread()));
        assertThat(threads).containsExactly(Thread.currentThread());
        server.then(Answer.stream(new SseEventFeed().delta("one").stop()));
        assertThatThrownBy(() -> openAi("gpt-4o").answer(prompt(0), piece -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
    }

    @Test
    void whatFailsSaysWhyAndNotTheKey() {
        refused(ErrorCode.MODEL_REFUSED, Answer.status(401, "bad key " + KEY));
        refused(ErrorCode.MODEL_FAILED, Answer.status(429, "slow down"));
        refused(ErrorCode.MODEL_FAILED, Answer.status(529, "overloaded"));
        refused(ErrorCode.MODEL_FAILED, Answer.drop());
        refused(ErrorCode.MODEL_FAILED, Answer.garbage());
        refused(
                ErrorCode.MODEL_FAILED,
                Answer.stream(new SseEventFeed().say("no json").end()));
        refused(
                ErrorCode.MODEL_FAILED,
                Answer.stream(SseEventFeed.broken().delta("In").end()));
        refused(
                ErrorCode.MODEL_FAILED,
                Answer.stream(new SseEventFeed().delta("In").end()));
        refused(ErrorCode.MODEL_FAILED, Answer.stream(new SseEventFeed().stop()));
        String error = "{\"error\":{\"message\":\"oops\"}}";
        refused(
                ErrorCode.MODEL_FAILED,
                Answer.stream(new SseEventFeed().say(error).end()));
        String filtered = "{\"choices\":[{\"finish_reason\":\"content_filter\"}]}";
        refused(
                ErrorCode.MODEL_REFUSED,
                Answer.stream(new SseEventFeed().say(filtered).end()));
        server.then(Answer.stream(new SseEventFeed()
                .say("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}")
                .end()));
        refused(ErrorCode.MODEL_FAILED, () -> anthropic().answer(prompt(0), piece -> true));
        server.then(Answer.stream(new SseEventFeed()
                .say("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}")
                .end()));
        refused(ErrorCode.MODEL_REFUSED, () -> anthropic().answer(prompt(0), piece -> true));
    }

    private void refused(ErrorCode code, Answer answer) {
        server.then(answer);
        refused(code, () -> openAi("gpt-4o").answer(prompt(0), piece -> true));
    }

    @Test
    void aCallEndsAtItsDeadlineAndWithItsModel() throws Exception {
        ChatPrompt hasty = new ChatPrompt(TURNS, 0, "", 10, 0, Duration.ofMillis(300));
        server.then(Answer.hang());
        refused(ErrorCode.TIMEOUT, () -> openAi("gpt-4o").answer(hasty, piece -> true));
        server.then(Answer.stream(new SseEventFeed().delta("one")));
        refused(ErrorCode.TIMEOUT, () -> openAi("gpt-4o").answer(hasty, piece -> true));
        ChatModel model = openAi("gpt-4o");
        server.then(Answer.stream(new SseEventFeed().delta("one")));
        List<String> pieces = new CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> running = threads.submit(() ->
                    refused(ErrorCode.CLOSED, () -> model.answer(prompt(0), piece -> pieces.add(piece))));
            await().until(() -> !pieces.isEmpty());
            model.close();
            running.get();
        }
    }

    private static SseEventFeed sailor() {
        return new SseEventFeed()
                .say("{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":20,"
                        + "\"cache_read_input_tokens\":1500,\"cache_creation_input_tokens\":300}}}")
                .say("{\"type\":\"ping\"}")
                .say("{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"At sea.\"}}")
                .say("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                        + "\"usage\":{\"output_tokens\":9}}")
                .say("{\"type\":\"message_stop\"}")
                .end();
    }

    private ChatModel openAi(String model) {
        return ChatModels.openAi(server.baseUrl(), KEY, model);
    }

    private ChatModel anthropic() {
        return ChatModels.anthropic(server.baseUrl(), KEY, "claude-sonnet-4-5");
    }

    private static ChatPrompt prompt(int stable) {
        return new ChatPrompt(TURNS, stable, "cube-7", 100, 0.5f, Duration.ofSeconds(30));
    }

    private JsonNode sent() {
        return JSON.readTree(server.requests().getLast().body());
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        FailureAssertions.refused(code, call).hasMessageNotContaining(KEY);
    }
}
