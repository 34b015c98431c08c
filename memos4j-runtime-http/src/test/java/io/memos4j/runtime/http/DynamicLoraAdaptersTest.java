package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.runtime.http.ScriptedInferenceServer.Fault;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.runtime.TokenizeOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.memos4j.runtime.http.ToyModel.tokens;
import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Adapters that vLLM and SGLang load while they run. */
class DynamicLoraAdaptersTest {
    private static final AdapterFiles FIRST = files("a1");
    private static final AdapterFiles SECOND = files("b2");
    private static final String NAME = "memos4j-a1a1a1a1a1a1a1a1";

    private enum Kind {
        VLLM("/v1", "/v1/completions", "--enable-lora"),
        SGLANG("", "/generate", "--enable-lora");

        private final String routes;
        private final String generation;
        private final String setting;

        Kind(String routes, String generation, String setting) {
            this.routes = routes;
            this.generation = generation;
            this.setting = setting;
        }

        private ScriptedPrefixServer start() {
            return this == VLLM ? new ScriptedVllm() : new ScriptedSglang(true, true);
        }
    }

    private ScriptedPrefixServer server = Kind.VLLM.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static AdapterFiles files(String digits) {
        return new AdapterFiles(digits.repeat(32), Path.of("/adapters/x.gguf"), Path.of("/adapters", digits));
    }

    private ActivationRuntime open(Kind kind) {
        server.close();
        server = kind.start();
        server.takeAdapters();
        return HttpRuntimes.probe(server.options());
    }

    @ParameterizedTest
    @EnumSource
    void anAdapterIsLoadedOnceNamedByItsRequestsAndUnloadedByTheLast(Kind kind) {
        try (ActivationRuntime runtime = open(kind)) {
            assertThat(runtime.capabilities().adapters()).isEqualTo(new AdapterSupport(1, false));
            LoadedAdapter one = runtime.load(FIRST);
            LoadedAdapter again = runtime.load(FIRST);
            assertThat(server.adapters())
                    .isEqualTo(Map.of(
                            NAME, Path.of("/adapters/a1").toAbsolutePath().toString()));
            try (ActivationHandle with = runtime.prefill(tokens(43), AdapterMix.of(one));
                    ActivationHandle without = runtime.prefill(tokens(43));
                    ActivationHandle fork = with.fork()) {
                int[] said = said(with);
                assertThat(said).isNotEqualTo(said(without));
                assertThat(said(fork)).containsExactly(said);
                one.close();
                one.close();
                assertThat(server.adapters()).containsKey(NAME);
                assertThat(said(with)).containsExactly(said);
                again.close();
                assertThat(server.adapters()).isEmpty();
                refused(ErrorCode.CLOSED, () -> said(with), "unloaded");
                assertThat(said(without)).isNotEmpty();
            }
            runtime.load(SECOND);
        }
        assertThat(server.adapters()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLoadedAlreadyIsShared(Kind kind) {
        try (ActivationRuntime runtime = open(kind)) {
            server.adapters().put(NAME, "/adapters/a1");
            try (LoadedAdapter one = runtime.load(FIRST);
                    ActivationHandle handle = runtime.prefill(tokens(43), AdapterMix.of(one))) {
                assertThat(said(handle)).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatLostAnAdapterSaysSoAndGoesOnWhenItIsLoadedAgain(Kind kind) {
        try (ActivationRuntime runtime = open(kind);
                LoadedAdapter one = runtime.load(FIRST);
                ActivationHandle handle = runtime.prefill(tokens(43), AdapterMix.of(one))) {
            int[] said = said(handle);
            server.adapters().clear();
            server.forget();
            refused(ErrorCode.UPSTREAM_FAILED, () -> said(handle), "Load the adapter again");
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.extend(tokens(3)), FIRST.hash());
            refused(ErrorCode.UPSTREAM_FAILED, () -> runtime.prefill(tokens(9), AdapterMix.of(one)), NAME);
            assertThat(runtime.statistics().handles()).isEqualTo(1);
            runtime.load(FIRST).close();
            assertThat(said(handle)).containsExactly(said);
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherFailuresAreWhatTheyWere(Kind kind) {
        try (ActivationRuntime runtime = open(kind);
                LoadedAdapter one = runtime.load(FIRST);
                ActivationHandle handle = runtime.prefill(tokens(43), AdapterMix.of(one))) {
            server.fault(kind.generation, new Fault.Says(429, "busy"));
            refused(ErrorCode.RATE_LIMITED, () -> handle.extend(tokens(3)), "is overloaded");
            server.fault(kind.generation, new Fault.Says(404, "nothing here"));
            refused(ErrorCode.UNSUPPORTED, () -> said(handle), "nothing here");
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreThanOneAdapterOrAnotherScaleIsRefused(Kind kind) {
        try (ActivationRuntime runtime = open(kind);
                LoadedAdapter one = runtime.load(FIRST);
                LoadedAdapter two = runtime.load(SECOND)) {
            AdapterMix both = new AdapterMix(List.of(new Part(one, 1), new Part(two, 1)));
            refused(ErrorCode.UNSUPPORTED, () -> runtime.prefill(tokens(9), both), "1 adapters at once, not 2");
            AdapterMix half = new AdapterMix(List.of(new Part(one, 0.5)));
            refused(ErrorCode.UNSUPPORTED, () -> runtime.prefill(tokens(9), half), "scale 1");
            assertThat(server.requests(kind.generation)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWasNotStartedForAdaptersIsToldHow(Kind kind) {
        try (ScriptedPrefixServer plain = kind.start();
                ActivationRuntime runtime = HttpRuntimes.probe(plain.options())) {
            assertThat(runtime.capabilities().adapters()).isEqualTo(AdapterSupport.NONE);
            refused(ErrorCode.UNSUPPORTED, () -> runtime.load(FIRST), kind.setting);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | forbidden                                               | UNSUPPORTED     | RUNTIME_LORA_UPDATING
            404 | {"detail":"Not Found"}                                  | UNSUPPORTED     | RUNTIME_LORA_UPDATING
            405 | no                                                      | UNSUPPORTED     | --enable-lora
            500 | LoRA is not enabled. Use --enable-lora to enable LoRA.  | UNSUPPORTED     | --enable-lora
            400 | LoRA is not enabled                                     | UNSUPPORTED     | --enable-lora
            400 | LoRA rank 64 is greater than max_lora_rank 16.          | UNSUPPORTED     | larger --max-lora-rank
            404 | Loading lora x failed: No adapter found for /adapters/a1| UNSUPPORTED     | under the same path
            400 | expected target modules in q_proj but received lm_head  | ADAPTER_REFUSED | lm_head
            422 | no                                                      | ADAPTER_REFUSED | for this model
            401 | no                                                      | RUNTIME_FAILED  | key
            429 | no                                                      | RATE_LIMITED    | later
            503 | no                                                      | UPSTREAM_FAILED | try
            """)
    void aRefusalSaysWhatToDo(int status, String body, ErrorCode code, String words) {
        try (ActivationRuntime runtime = open(Kind.VLLM)) {
            server.fault("/v1/load_lora_adapter", new Fault.Says(status, body));
            refused(code, () -> runtime.load(FIRST), words);
            runtime.load(FIRST).close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutEndIsRefusedAndAnUnloadingThatFailsHurtsNobody(Kind kind) {
        try (ActivationRuntime runtime = open(kind)) {
            server.fault(kind.routes + "/load_lora_adapter", new Fault.Floods());
            refused(ErrorCode.RUNTIME_FAILED, () -> runtime.load(FIRST), "more than");
            server.fault(kind.routes + "/unload_lora_adapter", new Fault.Says(500, "engine is dead"));
            runtime.load(FIRST).close();
            LoadedAdapter one = runtime.load(FIRST);
            Thread.currentThread().interrupt();
            one.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(server.adapters()).isEmpty();
        }
    }

    @Test
    void textsAreTokenizedByTheBase() {
        try (ActivationRuntime runtime = open(Kind.VLLM);
                LoadedAdapter one = runtime.load(FIRST);
                ActivationHandle handle =
                        runtime.prefill(runtime.tokenize("Hello", TokenizeOption.START), AdapterMix.of(one))) {
            assertThat(said(handle)).isNotEmpty();
            assertThat(server.requests("/tokenize"))
                    .allMatch(request -> request.body().path("model").asString().equals("toy"));
            assertThat(server.requests("/v1/completions"))
                    .allMatch(request -> request.body().path("model").asString().equals(NAME));
        }
    }

    @Test
    void handlesOfDifferentMixesShareNoRoom() {
        try (ActivationRuntime runtime = open(Kind.VLLM);
                LoadedAdapter one = runtime.load(FIRST);
                ActivationHandle with = runtime.prefill(tokens(41), AdapterMix.of(one));
                ActivationHandle without = runtime.prefill(tokens(41));
                ActivationHandle fork = with.fork()) {
            assertThat(runtime.statistics().contextTokens()).isEqualTo(80);
            assertThat(fork.tokens()).containsExactly(without.tokens());
        }
    }

    private static int[] said(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(16)).tokens();
    }
}
