package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.runtime.http.ScriptedInferenceServer.Fault;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationStatistics;
import io.memos4j.spi.runtime.GenerationOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

import static io.memos4j.runtime.http.ToyModel.tokens;
import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Requests to vLLM and SGLang, their token counts, and builds that are refused. */
class PrefixCachingServerTest {
    @Test
    void theCountsAreThoseOfTheServer() {
        try (ScriptedVllm server = new ScriptedVllm();
                ActivationRuntime runtime = HttpRuntimes.vllm(server.options())) {
            runtime.prefill(tokens(101)).close();
            assertThat(runtime.statistics().prefilled()).isEqualTo(100);
            // It keeps whole blocks: six of 16.
            ActivationHandle again = runtime.prefill(tokens(101));
            assertThat(runtime.statistics().reused()).isEqualTo(96);
            assertThat(runtime.statistics().prefilled()).isEqualTo(104);
            server.forget();
            again.extend(tokens(10));
            ActivationStatistics statistics = runtime.statistics();
            assertThat(statistics.reused()).isEqualTo(96);
            assertThat(statistics.prefilled()).isEqualTo(104 + 110);
            assertThat(statistics.contextTokens()).isEqualTo(110);
        }
    }

    @Test
    void handlesThatBeginAlikeTakeTheRoomOfTheirBeginningOnce() {
        try (ScriptedSglang server = new ScriptedSglang(false, true);
                ActivationRuntime runtime = HttpRuntimes.sglang(server.options());
                ActivationHandle trunk = runtime.prefill(tokens(101));
                ActivationHandle left = trunk.fork();
                ActivationHandle right = trunk.fork()) {
            left.extend(new int[] {10, 11, 12});
            right.extend(new int[] {20, 21});
            assertThat(runtime.statistics().contextTokens()).isEqualTo(100 + 3 + 1);
            assertThat(runtime.capabilities().contextTokens()).isEqualTo(50_000);
        }
    }

    @Test
    void aSaltKeepsCachesApart() {
        try (ScriptedVllm server = new ScriptedVllm();
                ActivationRuntime one = HttpRuntimes.vllm(server.options().salt("one"));
                ActivationRuntime two = HttpRuntimes.vllm(server.options().salt("two"));
                ActivationRuntime again = HttpRuntimes.vllm(server.options().salt("one"))) {
            one.prefill(tokens(101)).generate(GenerationOptions.greedy(3));
            two.prefill(tokens(101)).close();
            assertThat(two.statistics().reused()).isZero();
            again.prefill(tokens(101)).close();
            assertThat(again.statistics().reused()).isEqualTo(96);
            assertThat(server.requests("/v1/completions"))
                    .allMatch(request -> request.body().has("cache_salt"));
        }
        try (ScriptedSglang server = new ScriptedSglang(true, true);
                ActivationRuntime runtime = HttpRuntimes.sglang(server.options().salt("one"))) {
            runtime.prefill(tokens(101)).close();
            assertThat(server.requests("/generate"))
                    .allMatch(request ->
                            request.body().path("extra_key").asString().equals("one"));
        }
    }

    @Test
    void aSaltThatTheServerDoesNotTakeIsRefused() {
        try (ScriptedVllm server = new ScriptedVllm(List.of("return_token_ids"))) {
            HttpRuntimes.vllm(server.options()).close();
            refused(
                    ErrorCode.UNSUPPORTED,
                    () -> HttpRuntimes.vllm(server.options().salt("one")),
                    "cache_salt");
        }
        try (ScriptedSglang server = new ScriptedSglang(true, true)) {
            server.fault("/openapi.json", new Fault.Says(404, ""));
            refused(
                    ErrorCode.UNSUPPORTED,
                    () -> HttpRuntimes.sglang(server.options().salt("one")),
                    "extra_key");
        }
    }

    @Test
    void buildsThatNameTokensInOtherWaysSayTheSame() {
        int[] expected;
        try (ScriptedVllm server = new ScriptedVllm()) {
            expected = continuation(server);
        }
        assertThat(expected).isNotEmpty();
        try (ScriptedVllm old = new ScriptedVllm(List.of("return_tokens_as_token_ids"))) {
            assertThat(continuation(old)).containsExactly(expected);
        }
        try (ScriptedSglang repeating = new ScriptedSglang(false, true);
                ScriptedSglang incremental = new ScriptedSglang(true, true)) {
            assertThat(continuation(repeating)).containsExactly(expected);
            assertThat(continuation(incremental)).containsExactly(expected);
        }
    }

    private static int[] continuation(ScriptedInferenceServer server) {
        try (ActivationRuntime runtime = HttpRuntimes.probe(server.options());
                ActivationHandle handle = runtime.prefill(tokens(43))) {
            return handle.generate(GenerationOptions.greedy(200)).tokens();
        }
    }

    @Test
    void aBuildThatNamesNoTokensIsRefused() {
        try (ScriptedVllm server = new ScriptedVllm();
                ActivationRuntime runtime = HttpRuntimes.vllm(server.options());
                ActivationHandle handle = runtime.prefill(tokens(40))) {
            String silent = "data: {\"choices\":[{\"text\":\"x\",\"finish_reason\":null}]}\n\n";
            server.fault("/v1/completions", new Fault.Says(200, silent));
            refused(ErrorCode.UNSUPPORTED, () -> handle.generate(GenerationOptions.greedy(5)), "name the tokens");
            // It may be asked for once more, depending on how fast the network is.
            server.fault("/v1/completions", new Fault.Cuts(1));
            server.fault("/v1/completions", new Fault.Cuts(1));
            refused(
                    ErrorCode.UPSTREAM_FAILED,
                    () -> handle.generate(GenerationOptions.greedy(9)),
                    "No complete answer");
            assertThat(handle.tokens()).hasSize(40);
        }
    }

    @Test
    void aTokenThatTheServerDoesNotKnowIsAWrongArgument() {
        try (ScriptedVllm server = new ScriptedVllm();
                ActivationRuntime runtime = HttpRuntimes.vllm(server.options())) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> runtime.prefill(new int[] {5, ToyModel.VOCABULARY, 5}),
                    "does not know a token");
        }
    }

    @Test
    void aGenerationThatSglangAbortsFails() {
        try (ScriptedSglang server = new ScriptedSglang(false, false);
                ActivationRuntime runtime = HttpRuntimes.sglang(server.options());
                ActivationHandle handle = runtime.prefill(tokens(40))) {
            String aborted = "data: {\"text\":\"\",\"output_ids\":[],\"meta_info\":{\"finish_reason\":"
                    + "{\"type\":\"abort\",\"status_code\":503,\"message\":\"no room\"}}}\n\n";
            server.fault("/generate", new Fault.Says(200, aborted));
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.generate(GenerationOptions.greedy(5)), "no room");
            refused(
                    ErrorCode.UNSUPPORTED,
                    () -> runtime.tokenize(List.of(ChatTurn.user("Hi")), true),
                    "tokenizes conversations");
        }
    }
}
