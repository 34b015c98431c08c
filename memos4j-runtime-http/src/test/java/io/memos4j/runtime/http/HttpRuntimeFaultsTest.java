package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.runtime.http.ScriptedInferenceServer.Fault;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.testkit.FailureAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.memos4j.runtime.http.ToyModel.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Calls to a failing server: a stable error code, an unchanged handle, and no key in the message. */
class HttpRuntimeFaultsTest {
    private static final String KEY = "sk-very-secret";
    private static final String COMPLETION = "/completion";
    private static final Fault ECHOES = new Fault.Says(401, "{\"error\":\"Invalid key Bearer " + KEY + "\"}");

    private final ScriptedLlamaServer server = new ScriptedLlamaServer(4, Optional.empty());

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(ErrorCode.RUNTIME_FAILED, ECHOES),
                Arguments.of(ErrorCode.RUNTIME_FAILED, new Fault.Says(403, "")),
                Arguments.of(ErrorCode.RUNTIME_FAILED, new Fault.Says(400, "{\"error\":\"bad\"}")),
                Arguments.of(ErrorCode.RUNTIME_FAILED, new Fault.Says(302, "elsewhere")),
                Arguments.of(ErrorCode.UNSUPPORTED, new Fault.Says(404, "Not Found")),
                Arguments.of(ErrorCode.UNSUPPORTED, new Fault.Says(501, "not supported")),
                Arguments.of(ErrorCode.TIMEOUT, new Fault.Says(504, "")),
                Arguments.of(ErrorCode.TIMEOUT, new Fault.Hangs()),
                Arguments.of(ErrorCode.TOO_LARGE, new Fault.Says(413, "")),
                Arguments.of(ErrorCode.RATE_LIMITED, new Fault.Says(429, "busy")),
                Arguments.of(ErrorCode.UPSTREAM_FAILED, new Fault.Says(503, "Loading model")),
                Arguments.of(ErrorCode.UPSTREAM_FAILED, new Fault.Says(500, "oops")),
                Arguments.of(ErrorCode.CONTEXT_FULL, new Fault.Says(500, "Context size has been exceeded.")),
                Arguments.of(ErrorCode.UPSTREAM_FAILED, new Fault.Says(200, "<html>Bad gateway</html>")),
                Arguments.of(ErrorCode.RUNTIME_FAILED, new Fault.Floods()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aCallThatFailsLeavesTheHandleAsItWas(ErrorCode code, Fault fault) {
        try (ActivationRuntime runtime = open(fault);
                ActivationHandle handle = runtime.prefill(tokens(40))) {
            int[] expected = continuation(handle);
            server.fault(COMPLETION, fault);
            refused(code, () -> handle.extend(tokens(20)));
            server.fault(COMPLETION, fault);
            refused(code, () -> runtime.prefill(tokens(20)));
            server.fault(COMPLETION, fault);
            refused(code, () -> handle.fork());
            assertThat(handle.tokens()).hasSize(40);
            assertThat(continuation(handle)).containsExactly(expected);
            assertThat(runtime.statistics().handles()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aGenerationThatFailsLeavesTheHandleAsItWas(ErrorCode code, Fault fault) {
        boolean broken = fault instanceof Fault.Says says && says.status() == 200;
        try (ActivationRuntime runtime = open(fault);
                ActivationHandle handle = runtime.prefill(tokens(40))) {
            int[] expected = continuation(handle);
            server.fault(COMPLETION, fault);
            refused(
                    broken ? ErrorCode.UPSTREAM_FAILED : code,
                    () -> handle.generate(GenerationOptions.greedy(10).keep(true)));
            assertThat(handle.tokens()).hasSize(40);
            assertThat(continuation(handle)).containsExactly(expected);
        }
    }

    @Test
    void aStreamThatBreaksOffOrStopsIsNoAnswer() {
        try (ActivationRuntime runtime = open(new Fault.Stalls(0));
                ActivationHandle handle = runtime.prefill(plain())) {
            int[] expected = continuation(handle);
            for (int events : new int[] {0, 1, 3}) {
                // What breaks off so early that nothing has arrived is asked for once more, depending on how fast the
                // network is.
                server.fault(COMPLETION, new Fault.Cuts(events));
                server.fault(COMPLETION, new Fault.Cuts(events));
                refused(
                        ErrorCode.UPSTREAM_FAILED,
                        () -> handle.generate(GenerationOptions.greedy(10).keep(true)));
                server.forgetFaults();
            }
            server.fault(COMPLETION, new Fault.Stalls(1));
            refused(
                    ErrorCode.TIMEOUT,
                    () -> handle.generate(GenerationOptions.greedy(10).keep(true)));
            server.fault(COMPLETION, new Fault.Says(200, "data: {\"error\":{\"code\":500,\"message\":\"oops\"}}\n\n"));
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.generate(GenerationOptions.greedy(10)));
            server.fault(COMPLETION, new Fault.Says(200, "data: {\"content\": \n\n"));
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.generate(GenerationOptions.greedy(10)));
            assertThat(handle.tokens()).containsExactly(plain());
            assertThat(continuation(handle)).containsExactly(expected);
        }
    }

    @Test
    void aConnectionThatWasClosedIsTriedOnceMore() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(40))) {
            server.fault(COMPLETION, new Fault.Drops());
            handle.extend(tokens(2));
            server.fault(COMPLETION, new Fault.Drops());
            server.fault(COMPLETION, new Fault.Drops());
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.extend(tokens(2)));
            assertThat(handle.tokens()).hasSize(42);
        }
    }

    @Test
    void aServerThatIsGoneOrNoInferenceServerIsRefused() {
        server.fault("/v1/models", ECHOES);
        refused(ErrorCode.RUNTIME_FAILED, this::open);
        server.fault("/v1/models", new Fault.Says(503, "Loading model"));
        refused(ErrorCode.UPSTREAM_FAILED, this::open);
        server.fault("/v1/models", new Fault.Says(200, "{\"data\":[]}"));
        refused(ErrorCode.UNSUPPORTED, this::open);
        String other = "{\"data\":[{\"id\":\"m\",\"owned_by\":\"somebody\"}]}";
        server.fault("/v1/models", new Fault.Says(200, other));
        server.fault("/props", new Fault.Says(404, ""));
        refused(ErrorCode.UNSUPPORTED, this::open);
        server.fault("/v1/models", new Fault.Says(200, other));
        open().close();
        server.fault("/props", new Fault.Says(200, "{}"));
        refused(ErrorCode.UPSTREAM_FAILED, this::open);
        refused(ErrorCode.UNSUPPORTED, () -> HttpRuntimes.probe(server.options().model("missing")));
        server.close();
        refused(ErrorCode.UPSTREAM_FAILED, this::open);
    }

    @Test
    void closingAHandleEndsACallThatWaitsForTheServer() throws Exception {
        try (ActivationRuntime runtime = HttpRuntimes.probe(server.options());
                ActivationHandle handle = runtime.prefill(tokens(40));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int before = server.requests(COMPLETION).size();
            server.fault(COMPLETION, new Fault.Hangs());
            Future<MemoryException> waiting = threads.submit(() -> failure(() -> handle.extend(tokens(20))));
            await().until(() -> server.requests(COMPLETION).size() > before);
            handle.close();
            assertThat(waiting.get().code()).isEqualTo(ErrorCode.CLOSED);
            assertThat(runtime.statistics().handles()).isZero();
        }
    }

    @Test
    void anInterruptEndsACallThatWaitsForTheServer() throws Exception {
        try (ActivationRuntime runtime = HttpRuntimes.probe(server.options())) {
            int before = server.requests(COMPLETION).size();
            server.fault(COMPLETION, new Fault.Hangs());
            List<MemoryException> failures = new ArrayList<>();
            Thread waiting = Thread.ofVirtual().start(() -> failures.add(failure(() -> runtime.prefill(tokens(20)))));
            await().until(() -> server.requests(COMPLETION).size() > before);
            waiting.interrupt();
            waiting.join();
            assertThat(failures.getFirst().code()).isEqualTo(ErrorCode.INTERRUPTED);
            assertThat(runtime.statistics().handles()).isZero();
        }
    }

    @Test
    void moreCallsThanMayWaitAreRefused() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ActivationRuntime runtime = HttpRuntimes.probe(server.options());
            List<Future<MemoryException>> waiting = new ArrayList<>();
            for (int i = 0; i < InferenceServerClient.MOST_CALLS; i++) {
                server.fault("/detokenize", new Fault.Hangs());
                waiting.add(threads.submit(() -> failure(() -> runtime.detokenize(tokens(1)))));
            }
            await().until(() -> server.requests("/detokenize").size() == InferenceServerClient.MOST_CALLS);
            refused(ErrorCode.RATE_LIMITED, () -> runtime.detokenize(tokens(1)));
            runtime.close();
            for (Future<MemoryException> each : waiting) {
                assertThat(each.get().code()).isEqualTo(ErrorCode.CLOSED);
            }
        }
    }

    @Test
    void theKeyIsSentAndNeverShown() {
        HttpRuntimeOptions options = server.options().apiKey(" " + KEY + "\n").salt("tenant");
        HttpRuntimes.probe(options).close();
        assertThat(server.requests("/props"))
                .allMatch(request -> request.authorization().equals("Bearer " + KEY));
        assertThat(options.toString()).doesNotContain(KEY, "tenant");
        refused(ErrorCode.INVALID_ARGUMENT, () -> server.options().apiKey("two words"));
    }

    private ActivationRuntime open() {
        return HttpRuntimes.probe(server.options().apiKey(KEY));
    }

    /** Opens a runtime, with a short timeout for servers that never answer. */
    private ActivationRuntime open(Fault fault) {
        boolean waits = fault instanceof Fault.Hangs || fault instanceof Fault.Stalls;
        return waits ? HttpRuntimes.probe(server.options().apiKey(KEY).timeout(Duration.ofSeconds(2))) : open();
    }

    /** Tokens that whole characters follow, so that each of the next events names its token. */
    private static int[] plain() {
        int[] tokens = tokens(40);
        while (true) {
            int[] next = tokens;
            for (int i = 0; i < 5; i++) {
                next = ToyModel.plus(next, ToyModel.next(next, 0));
            }
            int[] added = Arrays.copyOfRange(next, tokens.length, next.length);
            if (Arrays.stream(added).allMatch(token -> token != ToyModel.END && token < 3 + 128)) {
                return tokens;
            }
            tokens = ToyModel.plus(tokens, 50);
        }
    }

    private static int[] continuation(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(16)).tokens();
    }

    private static MemoryException failure(Runnable call) {
        try {
            call.run();
        } catch (MemoryException e) {
            return e;
        }
        throw new AssertionError("The call was to fail.");
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        FailureAssertions.refused(code, call)
                .hasMessageNotContaining(KEY)
                .satisfies(failure ->
                        assertThat(String.valueOf(failure.getCause())).doesNotContain(KEY));
    }
}
