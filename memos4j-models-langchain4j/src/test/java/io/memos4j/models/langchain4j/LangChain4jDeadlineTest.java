package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.models.langchain4j.LangChain4jProvidersTest.ChatProtocol;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import io.memos4j.spi.models.LanguageModel.Prompt;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** Callers that stop waiting, and many that call at once. */
class LangChain4jDeadlineTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ScriptedModelServer server = ScriptedModelServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Prompt prompt(Duration timeout) {
        return new Prompt("You extract facts.", "I moved to Porto.", "", 64, timeout);
    }

    private MemoryException failure(ChatProtocol provider) {
        return catchThrowableOfType(
                MemoryException.class, () -> provider.at(server.baseUrl()).complete(prompt(LONG)));
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatHangsIsLeftWhenTheTimeIsOver(ChatProtocol provider) {
        server.otherwise(request -> request.user().equals("Hello") ? Answer.text("a") : Answer.hang());
        LanguageModel model = provider.at(server.baseUrl());

        refused(ErrorCode.TIMEOUT, () -> model.complete(prompt(SHORT)), "300 ms");
        assertThat(model.complete(new Prompt("", "Hello", "", 64, LONG)).text()).isEqualTo("a");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedCallerStopsWaitingAndStaysInterrupted(ChatProtocol provider) throws InterruptedException {
        server.then(Answer.hang());
        AtomicReference<ErrorCode> code = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            code.set(failure(provider).code());
            flag.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> !server.requests().isEmpty());

        caller.interrupt();
        caller.join();

        assertThat(code.get()).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(flag.get()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aCallerThatIsAlreadyInterruptedAsksNothing(ChatProtocol provider) {
        Thread.currentThread().interrupt();

        MemoryException failure = failure(provider);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsRunningCallsAndRefusesFurtherOnes(ChatProtocol provider) {
        server.then(Answer.hang());
        LanguageModel model = provider.at(server.baseUrl());
        CompletableFuture<Completion> running = CompletableFuture.supplyAsync(() -> model.complete(prompt(LONG)));
        await().until(() -> !server.requests().isEmpty());

        model.close();

        assertThatThrownBy(running::join)
                .cause()
                .isInstanceOfSatisfying(
                        MemoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        refused(ErrorCode.CLOSED, () -> model.complete(prompt(LONG)));
    }

    @ParameterizedTest
    @EnumSource
    void manyCallersGetTheirOwnAnswers(ChatProtocol provider) {
        server.otherwise(request -> Answer.text("Re: " + request.user()));
        LanguageModel model = provider.at(server.baseUrl());

        List<CompletableFuture<String>> answers = IntStream.range(0, 32)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> model.complete(new Prompt("s", "q" + i, "", 64, LONG))
                                .text(),
                        task -> Thread.ofVirtual().start(task)))
                .toList();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join()).isEqualTo("Re: q" + i);
        }
    }
}
