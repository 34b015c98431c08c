package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Adapters with a real llama-server; run it like {@link RealLlamaServerCheck}. */
class RealLlamaAdaptersCheck {
    /** The arguments of many users: slots are copied into memory, where only tokens are compared. */
    private static final String DEFAULTS = "-c 8192 -np 4 -t 1 --no-warmup";

    private static final String MEMORY_ONLY = "-c 8192 -np 4 --no-kv-unified -t 1 --no-warmup";

    @TempDir
    private Path folder;

    private Path model;
    private AdapterFiles first;
    private AdapterFiles second;
    private Path elsewhere;

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("model.gguf");
        RandomLlama.tiny(1).template(RandomLlama.CHATML).write(model);
        first = RandomLoraAdapter.write(model, folder, 1);
        second = RandomLoraAdapter.write(model, folder, 2);
        elsewhere = Files.copy(second.gguf(), folder.resolve("second.gguf"));
    }

    private String withAdapters(String arguments, String more) {
        return arguments + " --lora " + first.gguf() + " --lora " + elsewhere + more;
    }

    /** The answer of a server that applies these adapters to all requests by itself. */
    private int[] expected(String adapters, int[] prompt) throws IOException {
        try (RealLlamaServer server = new RealLlamaServer(model, RealLlamaServer.RECOMMENDED + adapters)) {
            HttpRuntimeOptions options = server.options();
            server.runtime().close();
            try (InferenceServerClient connection = new InferenceServerClient(options)) {
                var body = InferenceJson.object()
                        .put("n_predict", 24)
                        .put("cache_prompt", false)
                        .put("top_k", 1)
                        .put("return_tokens", true);
                body.putArray("samplers").add("top_k");
                body.set("prompt", InferenceJson.tokens(prompt));
                return InferenceJson.tokens(
                        connection.post("/completion", body, new RuntimeCall()).path("tokens"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealLlamaServer.RECOMMENDED, MEMORY_ONLY, DEFAULTS})
    void handlesOfDifferentMixesSayWhatEachWouldSayAlone(String arguments) throws IOException {
        int[] prompt = tokens(60);
        List<int[]> expected = List.of(
                expected("", prompt),
                expected(" --lora " + first.gguf(), prompt),
                expected(" --lora-scaled " + first.gguf() + ":0.5", prompt),
                expected(" --lora " + first.gguf() + " --lora " + second.gguf(), prompt));
        assertThat(expected.stream()
                        .map(tokens -> List.of(IntStream.of(tokens).boxed().toArray()))
                        .distinct())
                .hasSize(4);
        // Applied to all requests that name none: nothing of that may show.
        try (RealLlamaServer server = new RealLlamaServer(model, withAdapters(arguments, ""));
                ActivationRuntime runtime = server.runtime()) {
            assertThat(runtime.capabilities().adapters()).isEqualTo(new AdapterSupport(2, true));
            LoadedAdapter one = runtime.load(first);
            LoadedAdapter two = runtime.load(second);
            List<AdapterMix> mixes = List.of(
                    AdapterMix.NONE,
                    AdapterMix.of(one),
                    new AdapterMix(List.of(new AdapterMix.Part(one, 0.5))),
                    new AdapterMix(List.of(new AdapterMix.Part(one, 1), new AdapterMix.Part(two, 1))));
            for (int round = 0; round < 3; round++) {
                Map<ActivationHandle, int[]> handles = new LinkedHashMap<>();
                for (int i = 0; i < mixes.size(); i++) {
                    int at = (i + round) % mixes.size();
                    handles.put(runtime.prefill(prompt, mixes.get(at)), expected.get(at));
                }
                handles.forEach((handle, tokens) -> assertThat(said(handle)).containsExactly(tokens));
                handles.forEach((handle, tokens) -> assertThat(said(handle)).containsExactly(tokens));
                handles.keySet().forEach(ActivationHandle::close);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealLlamaServer.RECOMMENDED, MEMORY_ONLY, DEFAULTS})
    void aSlotThatLosesMostOfWhatItHoldsIsNotFilledWithTheContentsOfAnotherMix(String arguments) throws IOException {
        int[] beginning = tokens(40);
        int[] question = tokens(70);
        int[] more = IntStream.range(40, 70).map(i -> question[i]).toArray();
        int[] base = expected("", question);
        int[] adapted = expected(" --lora " + first.gguf(), question);
        try (RealLlamaServer server =
                        new RealLlamaServer(model, withAdapters(arguments, " --lora-init-without-apply"));
                ActivationRuntime runtime = server.runtime()) {
            LoadedAdapter one = runtime.load(first);
            try (ActivationHandle with = runtime.prefill(question, AdapterMix.of(one));
                    ActivationHandle without = runtime.prefill(beginning)) {
                assertThat(said(with)).containsExactly(adapted);
                without.generate(GenerationOptions.greedy(200));
                without.extend(more);
                assertThat(said(without)).containsExactly(base);
                assertThat(said(with)).containsExactly(adapted);
            }
        }
    }

    @Test
    void forksKeepTheirMixAndAreNotComputedAnew() throws IOException {
        int[] prompt = tokens(60);
        int[] adapted = expected(" --lora " + first.gguf(), prompt);
        try (RealLlamaServer server = new RealLlamaServer(
                        model, withAdapters(RealLlamaServer.RECOMMENDED, " --lora-init-without-apply"));
                ActivationRuntime runtime = server.runtime();
                LoadedAdapter one = runtime.load(first);
                ActivationHandle handle = runtime.prefill(prompt, AdapterMix.of(one));
                ActivationHandle fork = handle.fork();
                InferenceServerClient connection = new InferenceServerClient(server.options())) {
            // The slot of the fork holds all but the last, with the adapter: one token is left to compute.
            var body = InferenceJson.object().put("id_slot", 1).put("n_predict", 1);
            body.set("prompt", InferenceJson.tokens(prompt));
            body.putArray("lora").addObject().put("id", 0).put("scale", 1);
            assertThat(connection
                            .post("/completion", body, new RuntimeCall())
                            .at("/timings/prompt_n")
                            .asInt())
                    .isEqualTo(1);
            assertThat(said(fork)).containsExactly(adapted);
            assertThat(said(handle)).containsExactly(adapted);
        }
    }

    @Test
    void aServerThatWasStartedAnewWithoutTheAdapterSaysSoUntilItHasItAgain() throws Exception {
        int[] prompt = tokens(60);
        int[] adapted = expected(" --lora " + first.gguf(), prompt);
        try (RealLlamaServer server = new RealLlamaServer(model, RealLlamaServer.RECOMMENDED);
                ActivationRuntime runtime = server.runtime()) {
            assertThat(runtime.capabilities().adapters()).isEqualTo(AdapterSupport.NONE);
            refused(ErrorCode.UNSUPPORTED, () -> runtime.load(first));
            List<String> both = List.of("--lora", first.gguf() + "," + elsewhere, "--lora-init-without-apply");
            server.restart(both);
            LoadedAdapter one = runtime.load(first);
            try (ActivationHandle handle = runtime.prefill(prompt, AdapterMix.of(one))) {
                assertThat(said(handle)).containsExactly(adapted);
                server.restart(List.of("--lora", elsewhere.toString()));
                refused(ErrorCode.UPSTREAM_FAILED, () -> said(handle));
                server.restart(List.of("--lora", elsewhere + "," + first.gguf()));
                assertThat(said(handle)).containsExactly(adapted);
            }
        }
    }

    private static int[] said(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(24)).tokens();
    }

    private static int[] tokens(int count) {
        return IntStream.range(0, count).map(i -> 5 + (i * 37 + i / 7) % 240).toArray();
    }
}
