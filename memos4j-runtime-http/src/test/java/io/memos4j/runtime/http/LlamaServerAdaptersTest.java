package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.runtime.http.ScriptedInferenceServer.Fault;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.runtime.http.ToyModel.tokens;
import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adapters that llama-server was started with: how they are found, which requests name them, and what slots hold with
 * them.
 */
class LlamaServerAdaptersTest {
    private static final String ROUTE = "/lora-adapters";
    private static final String COMPLETION = "/completion";

    @TempDir
    private Path folder;

    private AdapterFiles first;
    private AdapterFiles second;
    private ScriptedLlamaServer server;

    @BeforeEach
    void start() throws IOException {
        first = adapter("one");
        second = adapter("two");
        server = new ScriptedLlamaServer(3, Optional.of(Files.createDirectory(folder.resolve("slots"))));
        server.startWith(
                "/elsewhere/" + first.hash() + "/adapter.gguf", second.gguf().toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private AdapterFiles adapter(String contents) throws IOException {
        Path gguf = Files.writeString(folder.resolve(contents + ".gguf"), contents);
        return new AdapterFiles(Sha256Hash.of(gguf), gguf, folder);
    }

    @Test
    void anAdapterIsFoundByItsPathOrByItsContents() throws IOException {
        AdapterFiles third = adapter("six");
        try (ActivationRuntime runtime = open()) {
            assertThat(runtime.capabilities().adapters()).isEqualTo(new AdapterSupport(2, true));
            assertThat(runtime.load(first).files()).isEqualTo(first);
            assertThat(runtime.load(second).files()).isEqualTo(second);
            refused(
                    ErrorCode.UNSUPPORTED,
                    () -> runtime.load(third),
                    "--lora " + third.gguf() + " --lora-init-without-apply");
            Path listed = Files.move(second.gguf(), folder.resolve("listed"));
            server.startWith(listed.toString());
            Files.writeString(second.gguf(), "two");
            runtime.load(second).close();
            Files.writeString(listed, "owt");
            refused(ErrorCode.UNSUPPORTED, () -> runtime.load(second), "--lora");
            Files.writeString(second.gguf(), "owt");
            refused(ErrorCode.ADAPTER_REFUSED, () -> runtime.load(second), "changed or damaged");
        }
    }

    @Test
    void everyRequestNamesAllAdapters() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = runtime.load(first);
                LoadedAdapter two = runtime.load(second);
                ActivationHandle base = runtime.prefill(tokens(30));
                ActivationHandle half = runtime.prefill(tokens(30), new AdapterMix(List.of(new Part(two, 0.5))))) {
            base.fork().close();
            half.extend(tokens(3));
            half.generate(GenerationOptions.greedy(5));
            AdapterMix both = new AdapterMix(List.of(new Part(one, 1), new Part(two, 4)));
            runtime.prefill(tokens(9), both).close();
            assertThat(server.requests(COMPLETION))
                    .allMatch(request -> request.body().path("lora").size() == 2);
            assertThat(scales()).contains("0.0 0.0", "0.0 0.5", "1.0 4.0").hasSize(3);
        }
    }

    private List<String> scales() {
        return server.requests(COMPLETION).stream()
                .map(request -> request.body().path("lora"))
                .map(lora -> lora.path(0).path("scale").asDouble() + " "
                        + lora.path(1).path("scale").asDouble())
                .distinct()
                .toList();
    }

    @Test
    void handlesOfDifferentMixesSayWhatEachSaysAlone() {
        List<int[]> alone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            server.startWith(first.gguf().toString(), second.gguf().toString());
            try (ActivationRuntime runtime = open();
                    ActivationHandle handle = runtime.prefill(tokens(40), mix(runtime, i))) {
                alone.add(said(handle));
            }
        }
        assertThat(alone.stream().map(Arrays::toString).distinct()).hasSize(3);
        for (boolean keeps : new boolean[] {false, true}) {
            server.startWith(first.gguf().toString(), second.gguf().toString());
            if (keeps) {
                server.keepInMemory();
            }
            try (ActivationRuntime runtime = open()) {
                for (int round = 0; round < 4; round++) {
                    List<ActivationHandle> handles = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        handles.add(runtime.prefill(tokens(40), mix(runtime, (i + round) % 3)));
                    }
                    for (int i = 0; i < 6; i++) {
                        assertThat(said(handles.get(i % 3))).containsExactly(alone.get((i + round) % 3));
                    }
                    handles.forEach(ActivationHandle::close);
                }
            }
        }
    }

    private AdapterMix mix(ActivationRuntime runtime, int which) {
        return switch (which) {
            case 0 -> AdapterMix.NONE;
            case 1 -> AdapterMix.of(runtime.load(first));
            default -> new AdapterMix(List.of(new Part(runtime.load(first), 0.5), new Part(runtime.load(second), 1)));
        };
    }

    @Test
    void aSlotThatLosesMostOfWhatItHoldsIsNotFilledWithWhatAnotherMixComputed() {
        int[] question = tokens(70);
        int[] expected;
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(question)) {
            expected = said(handle);
        }
        server.keepInMemory();
        try (ActivationRuntime runtime = open();
                ActivationHandle with = runtime.prefill(question, AdapterMix.of(runtime.load(first)));
                ActivationHandle without = runtime.prefill(tokens(20))) {
            assertThat(without.generate(GenerationOptions.greedy(400)).tokens()).hasSizeGreaterThan(40);
            without.extend(Arrays.copyOfRange(question, 20, 70));
            assertThat(said(without)).containsExactly(expected);
            assertThat(said(with)).isNotEqualTo(expected);
        }
    }

    @Test
    void aConversationAndAForkAreNotComputedAnew() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = runtime.load(first);
                ActivationHandle handle = runtime.prefill(tokens(1_001), AdapterMix.of(one))) {
            assertThat(runtime.statistics().prefilled()).isEqualTo(1_000);
            ActivationHandle fork = handle.fork();
            fork.generate(GenerationOptions.greedy(30).keep(true));
            fork.extend(tokens(10));
            fork.generate(GenerationOptions.greedy(30));
            assertThat(said(fork)).isNotEmpty();
            // Ten, and what the generation had not computed of its own.
            assertThat(runtime.statistics().prefilled()).isBetween(1_009L, 1_012L);
            assertThat(server.requests(COMPLETION).stream()
                            .filter(request ->
                                    !request.body().path("cache_prompt").asBoolean())
                            .map(request -> request.body().path("prompt").size()))
                    .containsExactly(1_000, 1);
        }
    }

    @Test
    void aRestoredHandleIsNotComputedAnewInASlotThatHadAnAdapter() {
        Path file = folder.resolve("saved");
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = runtime.load(first)) {
            int[] expected;
            try (ActivationHandle handle = runtime.prefill(tokens(100))) {
                handle.save(file);
                expected = said(handle);
            }
            try (ActivationHandle handle = runtime.prefill(tokens(100), AdapterMix.of(one))) {
                refused(ErrorCode.UNSUPPORTED, () -> handle.save(file), "adapters");
                assertThat(said(handle)).isNotEqualTo(expected);
            }
            try (ActivationHandle handle = runtime.restore(file)) {
                handle.extend(new int[] {7});
                assertThat(runtime.statistics().prefilled()).isEqualTo(99 + 99 + 1);
            }
            try (ActivationHandle handle = runtime.restore(file)) {
                assertThat(said(handle)).containsExactly(expected);
            }
        }
    }

    @Test
    void aServerThatLostAnAdapterIsToldApartAndMayHaveItAgainUnderAnotherNumber() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = runtime.load(first);
                ActivationHandle handle = runtime.prefill(tokens(40), AdapterMix.of(one));
                ActivationHandle base = runtime.prefill(tokens(40))) {
            int[] plain = said(base);
            server.startWith(second.gguf().toString());
            refused(ErrorCode.UPSTREAM_FAILED, () -> said(handle), "Load the adapter again");
            refused(ErrorCode.UPSTREAM_FAILED, () -> handle.extend(tokens(3)), first.hash());
            assertThat(handle.tokens()).hasSize(40);
            assertThat(said(base)).containsExactly(plain);
            server.startWith();
            refused(ErrorCode.UNSUPPORTED, () -> runtime.load(first), "--lora");
            assertThat(runtime.capabilities().adapters()).isEqualTo(AdapterSupport.NONE);
            server.startWith(second.gguf().toString(), first.gguf().toString());
            runtime.load(first).close();
            handle.extend(tokens(3));
            assertThat(scales()).endsWith("0.0 1.0");
            assertThat(said(base)).containsExactly(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "7",
                "<html>",
                "[1]",
                "[{\"id\":\"0\",\"path\":\"a\"}]",
                "[{\"id\":1.5,\"path\":\"a\"}]",
                "[{\"id\":-1,\"path\":\"a\"}]",
                "[{\"id\":99999999999,\"path\":\"a\"}]",
                "[{\"id\":0,\"path\":\"a\"},{\"id\":0,\"path\":\"b\"}]",
                "[{\"id\":0}]",
                "[{\"id\":0,\"path\":[\"a\"]}]"
            })
    void aListThatIsNoneIsRefused(String list) {
        server.fault(ROUTE, new Fault.Says(200, list));
        refused(ErrorCode.UPSTREAM_FAILED, this::open, ROUTE);
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(40), AdapterMix.of(runtime.load(first)))) {
            server.fault(ROUTE, new Fault.Says(200, list));
            refused(ErrorCode.UPSTREAM_FAILED, () -> runtime.load(second), ROUTE);
            server.fault(ROUTE, new Fault.Says(200, list));
            refused(ErrorCode.UPSTREAM_FAILED, () -> said(handle), ROUTE);
            assertThat(said(handle)).isNotEmpty();
        }
    }

    @Test
    void aHugeListIsRefused() {
        server.startWith(IntStream.range(0, 1_025).mapToObj(i -> "a" + i).toArray(String[]::new));
        refused(ErrorCode.UPSTREAM_FAILED, this::open, "at most 1024");
        server.fault(ROUTE, new Fault.Floods());
        refused(ErrorCode.RUNTIME_FAILED, this::open, ROUTE);
    }

    @Test
    void aServerWithoutTheRouteOrWithoutAdaptersHasNone() {
        for (Fault fault : List.of(new Fault.Says(404, ""), new Fault.Says(501, "no"), new Fault.Says(200, "[]"))) {
            server.fault(ROUTE, fault);
            try (ActivationRuntime runtime = open()) {
                assertThat(runtime.capabilities().adapters()).isEqualTo(AdapterSupport.NONE);
                int before = server.requests(COMPLETION).size();
                runtime.prefill(tokens(5)).close();
                assertThat(server.requests(COMPLETION).subList(before, before + 1))
                        .noneMatch(request -> request.body().has("lora"));
            }
        }
    }

    @Test
    void whatIsUnloadedForeignOrTooMuchIsRefused() {
        try (ActivationRuntime runtime = open();
                ActivationRuntime other = open()) {
            LoadedAdapter one = runtime.load(first);
            LoadedAdapter again = runtime.load(first);
            refused(ErrorCode.INVALID_ARGUMENT, () -> other.prefill(tokens(5), AdapterMix.of(one)), "Load it here");
            ActivationHandle handle = runtime.prefill(tokens(40), AdapterMix.of(one));
            one.close();
            one.close();
            int[] expected = said(handle);
            again.close();
            refused(ErrorCode.CLOSED, () -> said(handle), "unloaded");
            refused(ErrorCode.CLOSED, () -> handle.extend(tokens(2)), "unloaded");
            refused(ErrorCode.CLOSED, handle::fork, "unloaded");
            refused(ErrorCode.CLOSED, () -> runtime.prefill(tokens(5), AdapterMix.of(one)), "unloaded");
            assertThat(runtime.statistics().handles()).isEqualTo(1);
            handle.close();
            try (LoadedAdapter anew = runtime.load(first);
                    ActivationHandle later = runtime.prefill(tokens(40), AdapterMix.of(anew))) {
                assertThat(said(later)).containsExactly(expected);
                server.startWith(first.gguf().toString());
                LoadedAdapter two = new Stranger(second);
                AdapterMix both = new AdapterMix(List.of(new Part(anew, 1), new Part(two, 1)));
                refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.prefill(tokens(5), both), "Load it here");
            }
            for (String hash : new String[] {"", "abc", "../" + "a".repeat(61), "A".repeat(64)}) {
                refused(
                        ErrorCode.INVALID_ARGUMENT,
                        () -> runtime.load(new AdapterFiles(hash, first.gguf(), folder)),
                        "SHA-256");
            }
            runtime.close();
            refused(ErrorCode.CLOSED, () -> runtime.load(first), "closed");
        }
    }

    private record Stranger(AdapterFiles files) implements LoadedAdapter {
        @Override
        public void close() {}
    }

    private ActivationRuntime open() {
        return HttpRuntimes.llamaServer(server.options());
    }

    private static int[] said(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(16)).tokens();
    }
}
