package io.memos4j.server;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.RunningServer.Answer;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.runtime.GenerationResult;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests chat over HTTP: complete and streamed replies, remembering, activations. */
class ConversationRoutesTest extends ModelServerTestBase {
    private static final String CHAT = CUBE + "/chat";

    /** A model that starts a reply and then behaves as the test wants. */
    private record Speaker(Then then) implements ChatModel {
        interface Then {
            void go(Predicate<String> sink);
        }

        @Override
        public String id() {
            return "test:speaker";
        }

        @Override
        public ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink) {
            then.go(sink);
            return new ChatAnswer("said", GenerationResult.FinishReason.STOP, 1, 0, 1, Duration.ZERO);
        }
    }

    private static RunningServer with(Path data, Speaker.Then then) {
        MemOsConfig config = MemOsConfig.at(data).withoutEmbedder();
        return RunningServer.over(
                MemOs.open(config.withChat(new ChatConfig.ProviderModel(new Speaker(then)))), UnaryOperator.identity());
    }

    private static String question(String more) {
        return "{'messages':[{'text':'Where does Bob live?'}]" + more + "}";
    }

    @Test
    void anAnswerComesWithWhatWasRecalledAndIsRemembered() {
        know("Bob lives in Oslo.");

        Answer reply = ok("POST", CHAT, question(",'session':'s'"));

        assertThat(reply.text("/text")).isEqualTo("I do not know.");
        assertThat(reply.at("/complete").booleanValue()).isTrue();
        assertThat(reply.text("/memories/0/text")).isEqualTo("Bob lives in Oslo.");
        assertThat(reply.at("/usage/prompt_tokens").intValue()).isPositive();
        assertThat(ok("GET", CUBE + "/sessions", "").text("/sessions/0/session"))
                .isEqualTo("s");
        assertThat(server.get(server.adminKey(), "/v1/audit?cube=acme%2Fwork")
                        .at("/entries")
                        .valueStream())
                .anySatisfy(entry -> {
                    assertThat(entry.at("/action").asString()).isEqualTo("POST /v1/cubes/{cube}/chat");
                    assertThat(entry.at("/outcome").intValue()).isEqualTo(200);
                });
    }

    @Test
    void aReaderAsksButDoesNotAdd() {
        know("Bob lives in Oslo.");
        String reader = server.keyOf("acme", Permission.READ);

        assertThat(server.post(reader, CHAT, question("")).status()).isEqualTo(403);
        assertThat(server.post(reader, CHAT, question(",'remember':false")).status())
                .isEqualTo(200);
        assertThat(server.post(server.keyOf("beta", Permission.ADMIN), "/v1/cubes/@acme%2Fwork/chat", question(""))
                        .status())
                .isEqualTo(404);
        assertThat(ok("GET", CUBE, "").at("/items").intValue()).isEqualTo(1);
        assertThat(server.post(reader, "/v1/cubes/none/chat", question(",'remember':false"))
                        .text("/code"))
                .isEqualTo("cube_not_found");
    }

    @Test
    void whatCannotBeAnsweredIsRefusedBeforeTheModelIsAsked() {
        assertThat(server.post(key, CHAT, "{}").text("/detail")).contains("last message");
        assertThat(server.post(key, CHAT, "{'messages':[{'role':'assistant','text':'Hi'}]}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post(key, CHAT, question(",'temperature':3")).text("/detail"))
                .contains("temperature");
        assertThat(server.post(key, CHAT, question(",'max_tokens':0")).status()).isEqualTo(400);
        assertThat(server.post(key, CHAT, question(",'steam':true")).text("/detail"))
                .contains("'stream'");
        assertThat(server.post(key, CHAT, question(",'max_tokens':1000000")).status())
                .isEqualTo(413);
    }

    private static List<String> events(Answer answer, String name) {
        return answer
                .response()
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"))
                .transform(text -> List.of(text.split("\n?event: ")))
                .stream()
                .filter(event -> event.startsWith(name + "\n"))
                .map(event -> event.substring(event.indexOf("data: ") + 6))
                .toList();
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }

    @Test
    void aStreamTellsTheAnswerAsItIsSaidAndThenTheRest() {
        know("Bob lives in Oslo.");

        Answer streamed = ok("POST", CHAT, question(",'stream':true"));

        assertThat(streamed.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(events(streamed, "delta"))
                .hasSizeGreaterThan(1)
                .extracting(delta -> json(delta).at("/text").asString())
                .satisfies(parts -> assertThat(String.join("", parts)).isEqualTo("I do not know."));
        JsonNode reply = json(events(streamed, "reply").getFirst());
        assertThat(reply.has("text")).isFalse();
        assertThat(reply.at("/memories/0/text").asString()).isEqualTo("Bob lives in Oslo.");
        assertThat(ok("GET", CUBE, "").at("/items").intValue()).isEqualTo(3);
    }

    @Test
    void withoutAModelTheAnswerSaysHowToGetOne(@TempDir Path data) {
        try (RunningServer bare = RunningServer.at(data)) {
            bare.put(bare.adminKey(), CUBE, "");
            for (String more : List.of("", ",'stream':true")) {
                Answer answer = bare.post(bare.adminKey(), CHAT, question(more));
                assertThat(answer.status()).isEqualTo(501);
                assertThat(answer.text("/code")).isEqualTo("invalid_configuration");
                assertThat(answer.text("/detail")).contains("--model");
            }
            assertThat(bare.post(bare.adminKey(), CUBE + "/activations/compile", "")
                            .status())
                    .isEqualTo(501);
            assertThat(bare.get(bare.adminKey(), CUBE + "/activations").at("/activations"))
                    .isEmpty();
            bare.put(bare.adminKey(), ADAPTERS + "/policy", "{'consent':true}");
            Answer train = bare.post(bare.adminKey(), ADAPTERS + "/train", "");
            assertThat(train.status()).isEqualTo(501);
            assertThat(train.text("/detail")).contains("--base");
        }
    }

    @Test
    void aModelThatFailsIsAnsweredWithItsStatusOrInTheStream(@TempDir Path data) {
        MemoryException failure = new MemoryException(ErrorCode.MODEL_FAILED, "It is tired.");
        try (RunningServer early = with(data.resolve("early"), sink -> {
            throw failure;
        })) {
            early.put(early.adminKey(), CUBE, "");
            assertThat(early.post(early.adminKey(), CHAT, question(",'stream':true"))
                            .text("/code"))
                    .isEqualTo("model_failed");
            assertThat(early.get(early.adminKey(), CUBE).at("/items").intValue())
                    .isZero();
        }
        try (RunningServer late = with(data.resolve("late"), sink -> {
            assertThat(sink.test("Well")).isTrue();
            throw failure;
        })) {
            late.put(late.adminKey(), CUBE, "");
            Answer answer = late.post(late.adminKey(), CHAT, question(",'stream':true"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(events(answer, "reply")).isEmpty();
            JsonNode problem = json(events(answer, "problem").getFirst());
            assertThat(problem.at("/code").asString()).isEqualTo("model_failed");
            assertThat(problem.at("/detail").asString()).isEqualTo("It is tired.");
        }
    }

    @Test
    void whoLeavesEndsTheAnswer(@TempDir Path data) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RunningServer talking = with(data, sink -> {
                    while (sink.test("and so on ")) {
                        Thread.onSpinWait();
                    }
                    ended.countDown();
                });
                HttpClient client = HttpClient.newHttpClient()) {
            talking.put(talking.adminKey(), CUBE, "");
            HttpRequest request = HttpRequest.newBuilder(talking.url(CHAT))
                    .header("Authorization", "Bearer " + talking.adminKey())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(question(",'stream':true").replace('\'', '"')))
                    .build();
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            assertThat(response.body().readNBytes(12)).asString().isEqualTo("event: delta");
            response.body().close();
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatStandsAtTheBeginningIsComputedShownAndDropped() {
        server.post(
                key,
                CUBE + "/memories",
                "{'notes':[{'text':'Always answer in one short and friendly sentence, please.',"
                        + "'type':'instruction'}]}");
        assertThat(ok("GET", CUBE + "/activations/promoted", "").at("/promoted"))
                .isEmpty();

        Answer compiled = ok("POST", CUBE + "/activations/compile", "");

        assertThat(compiled.at("/activations").size()).isPositive();
        assertThat(compiled.text("/activations/0/sources/0/cube")).isEqualTo("work");
        assertThat(ok("GET", CUBE + "/activations", "").at("/activations").size())
                .isEqualTo(compiled.at("/activations").size());
        String one = CUBE + "/activations/" + compiled.text("/activations/0/id");
        String reader = server.keyOf("acme", Permission.READ);
        assertThat(server.send(reader, "DELETE", one, "").status()).isEqualTo(403);
        assertThat(server.post(reader, CUBE + "/activations/compile", "").status())
                .isEqualTo(403);
        assertThat(ok("DELETE", one, "").at("/dropped").booleanValue()).isTrue();
        assertThat(ok("DELETE", one, "").at("/dropped").booleanValue()).isFalse();
    }
}
