package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class HttpRerankerTest {
    private static final String KEY = "sk-test-0123456789";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<String> TEXTS = List.of("Porto", "cats", "rain");

    private final ScriptedModelServer server = ScriptedModelServer.start();
    private final HttpReranker reranker = HttpReranker.at(server.uri("/v1/rerank"), KEY, "bge-reranker-v2-m3");

    @AfterEach
    void stop() {
        reranker.close();
        server.close();
    }

    private MemoryException failure(Duration timeout) {
        MemoryException failure =
                catchThrowableOfType(MemoryException.class, () -> reranker.score("where?", TEXTS, timeout));
        assertThat(failure).isNotNull();
        assertThat(failure.toString()).contains("http:bge-reranker-v2-m3").doesNotContain(KEY);
        return failure;
    }

    @Test
    void textsAreScoredInTheirOrder() {
        server.then(Answer.scores(0.9, -3, 0.25));

        assertThat(reranker.score("where?", TEXTS, LONG)).containsExactly(0.9, -3.0, 0.25);
        assertThat(reranker.id()).isEqualTo("http:bge-reranker-v2-m3");
    }

    @Test
    void theRequestHoldsModelQueryDocumentsAndKey() {
        server.then(Answer.scores(1, 2, 3));

        reranker.score("where \"exactly\"? 🏠", TEXTS, LONG);

        ScriptedModelServer.Request request = server.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1/rerank");
        assertThat(request.authorization()).isEqualTo("Bearer " + KEY);
        assertThat(request.user()).isEqualTo("where \"exactly\"? 🏠");
        assertThat(request.documents()).isEqualTo(TEXTS);
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(request.body())
                        .path("model")
                        .asString())
                .isEqualTo("bge-reranker-v2-m3");
    }

    @Test
    void aLocalServerNeedsNoKey() {
        server.then(Answer.scores(1));

        try (HttpReranker local = HttpReranker.at(server.uri("/rerank"), "", "m")) {
            assertThat(local.score("q", List.of("t"), LONG)).containsExactly(1.0);
        }
        assertThat(server.requests().getFirst().authorization()).isEmpty();
    }

    @Test
    void noTextsAreScoredWithoutACall() {
        assertThat(reranker.score("where?", List.of(), LONG)).isEmpty();
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"results": [{"index": 2, "relevance_score": 3}, {"index": 0, "relevance_score": 1},
                 {"index": 1, "relevance_score": 2}]}""", """
                {"results": [{"index": 0, "score": 1}, {"index": 1, "score": 2}, {"index": 2, "score": 3}]}""", """
                [{"index": 1, "score": 2, "text": "cats"}, {"index": 0, "score": 1}, {"index": 2, "score": 3}]"""})
    void resultsMayComeInAnyOrderUnderEitherNameAndBare(String body) {
        server.then(Answer.status(200, body));

        assertThat(reranker.score("where?", TEXTS, LONG)).containsExactly(1.0, 2.0, 3.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"results\": [{\"index\": 0, \"score\": 1}, {\"index\": 1, \"score\": 2}]}",
                "{\"results\": [{\"index\": 0, \"score\": 1}, {\"index\": 1, \"score\": 2}, {\"index\": 3, "
                        + "\"score\": 3}]}",
                "{\"results\": [{\"index\": -1, \"score\": 1}]}",
                "{\"results\": [{\"index\": 99999999999, \"score\": 1}]}",
                "{\"results\": [{\"score\": 1}, {\"score\": 2}, {\"score\": 3}]}",
                "{\"results\": [{\"index\": \"0\", \"score\": 1}]}",
                "{\"results\": [{\"index\": 0, \"score\": 1}, {\"index\": 0, \"score\": 2}]}",
                "{\"results\": [{\"index\": 0, \"score\": null}]}",
                "{\"results\": [{\"index\": 0, \"score\": 1e999}]}",
                "{\"results\": [{\"index\": 0}]}",
                "{\"results\": [1, 2, 3]}",
                "{\"results\": {}}",
                "{}",
                "null",
                ""
            })
    void resultsThatDoNotFitTheTextsAreAFailure(String body) {
        server.then(Answer.status(200, body));

        assertThat(failure(LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }

    @Test
    void garbageEmptyResultsAndDroppedConnectionsAreFailures() {
        for (Answer answer : List.of(Answer.garbage(), Answer.empty(), Answer.drop())) {
            server.then(answer);

            assertThat(failure(LONG).code()).as("%s", answer).isEqualTo(ErrorCode.MODEL_FAILED);
        }
        assertThat(server.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "400, MODEL_REFUSED",
        "401, MODEL_REFUSED",
        "403, MODEL_REFUSED",
        "404, MODEL_REFUSED",
        "429, MODEL_FAILED",
        "500, MODEL_FAILED"
    })
    void aStatusIsARefusalOrAFailureAndIsTriedOnce(int status, ErrorCode code) {
        server.then(Answer.status(status, "no luck for " + KEY));

        MemoryException failure = failure(LONG);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining("HTTP " + status).hasMessageContaining("no luck for ***");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsAFailure() {
        server.close();

        assertThat(failure(LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }

    @Test
    void aServerThatHangsIsLeftWhenTheTimeIsOver() {
        server.otherwise(request -> request.user().equals("when?") ? Answer.scores(1, 2, 3) : Answer.hang());

        assertThat(failure(Duration.ofMillis(300)).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(reranker.score("when?", TEXTS, LONG)).containsExactly(1.0, 2.0, 3.0);
    }

    @Test
    void anInterruptedCallerStopsWaitingAndStaysInterrupted() throws InterruptedException {
        server.then(Answer.hang());
        AtomicReference<ErrorCode> code = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            code.set(failure(LONG).code());
            flag.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> !server.requests().isEmpty());

        caller.interrupt();
        caller.join();

        assertThat(code.get()).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(flag.get()).isTrue();
    }

    @Test
    void closingEndsRunningCallsAndRefusesFurtherOnes() {
        server.then(Answer.hang());
        CompletableFuture<MemoryException> running = CompletableFuture.supplyAsync(() -> failure(LONG));
        await().until(() -> !server.requests().isEmpty());

        reranker.close();

        assertThat(running.join().code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(failure(LONG).code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void aNameMustBeGiven() {
        assertThatThrownBy(() -> HttpReranker.at(server.uri("/rerank"), "", " "))
                .isInstanceOf(MemoryException.class);
    }
}
