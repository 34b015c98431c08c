package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.runtime.http.ScriptedInferenceServer.Fault;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.runtime.http.ToyModel.tokens;
import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Slots of llama-server while handles open and close, and their pitfalls. */
class LlamaServerSlotsTest {
    private static final int MOST_TRIES = 300;

    @TempDir
    private Path folder;

    private Path slots;
    private ScriptedLlamaServer server;

    @BeforeEach
    void start() throws IOException {
        slots = Files.createDirectory(folder.resolve("slots"));
        server = new ScriptedLlamaServer(3, Optional.of(slots));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aHandleHasASlotThatIsErasedWhenItIsClosed() {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options())) {
            ActivationHandle handle = runtime.prefill(tokens(30));
            assertThat(server.slot(0)).containsExactly(tokens(29));
            ActivationHandle fork = handle.fork();
            assertThat(server.slot(1)).containsExactly(tokens(29));
            handle.close();
            assertThat(server.slot(0)).isEmpty();
            assertThat(server.slot(1)).isNotEmpty();
            assertThat(fork.tokens()).hasSize(30);
        }
        assertThat(server.slot(1)).isEmpty();
        assertThat(slots).isEmptyDirectory();
    }

    @Test
    void aSlotThatCannotBeErasedIsOverwritten() {
        try (ScriptedLlamaServer plain = new ScriptedLlamaServer(1, Optional.empty());
                ActivationRuntime runtime = HttpRuntimes.llamaServer(plain.options())) {
            assertThat(runtime.capabilities().features()).doesNotContain(ActivationFeature.SAVE);
            runtime.prefill(tokens(30)).close();
            assertThat(plain.slot(0)).containsExactly(0);
        }
    }

    @Test
    void onlyWhatIsNewIsComputed() {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options());
                ActivationHandle handle = runtime.prefill(tokens(100))) {
            handle.generate(GenerationOptions.greedy(20));
            handle.extend(tokens(11));
            // The generation has computed the hundredth.
            assertThat(runtime.statistics().prefilled()).isEqualTo(99 + 10);
            assertThat(server.slot(0)).hasSize(110);
        }
    }

    @Test
    void aServerThatEmptiesSlotsChangesNoResultAndIsRefusedWhereItWouldSaveNothing() {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options());
                ActivationHandle handle = runtime.prefill(tokens(30))) {
            int[] expected = handle.generate(GenerationOptions.greedy(16)).tokens();
            server.emptySlots();
            handle.generate(GenerationOptions.greedy(16));
            assertThat(handle.generate(GenerationOptions.greedy(16)).tokens()).containsExactly(expected);
            // An idle slot is saved as a stub, with status 200.
            server.fault("/completion", new Fault.Says(200, "{\"timings\":{\"prompt_n\":1}}"));
            refused(ErrorCode.RUNTIME_FAILED, () -> handle.save(folder.resolve("saved")), "--no-kv-unified");
            assertThat(folder.resolve("saved")).doesNotExist();
            assertThat(slots).isEmptyDirectory();
        }
    }

    @Test
    void aSavedFileIsForItsUserAlone() throws IOException {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options());
                ActivationHandle handle = runtime.prefill(tokens(30))) {
            Path file = Files.writeString(folder.resolve("saved"), "to be replaced");
            handle.save(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).containsExactlyInAnyOrder(file, slots);
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTheServerSeesIt() {
        Path file = folder.resolve("saved");
        HttpRuntimeOptions eighth = server.options().caches(KvCacheTypes.of(KvCacheType.Q8_0));
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options());
                ActivationHandle handle = runtime.prefill(tokens(30));
                ActivationRuntime other = HttpRuntimes.llamaServer(eighth)) {
            handle.save(file);
            refused(ErrorCode.ACTIVATION_MISMATCH, () -> other.restore(file), "F16 keys");
            assertThat(server.requests("/slots/0"))
                    .noneMatch(request -> request.query().contains("restore"));
            assertThat(other.inspect(file).caches()).isEqualTo(KvCacheTypes.of(KvCacheType.F16));
        }
    }

    @Test
    void aRestoreThatBringsOtherThanItShouldIsRefused() {
        Path file = folder.resolve("saved");
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options());
                ActivationHandle handle = runtime.prefill(tokens(30))) {
            handle.save(file);
            server.fault("/slots/1", new Fault.Says(200, "{\"n_restored\":0}"));
            refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file), "0 tokens instead of 29");
            server.fault("/slots/1", new Fault.Says(400, "{\"error\":\"Unable to restore slot\"}"));
            refused(ErrorCode.RUNTIME_FAILED, () -> runtime.restore(file), "Unable to restore slot");
            assertThat(runtime.statistics().handles()).isEqualTo(1);
            runtime.restore(file).close();
        }
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> HttpRuntimes.llamaServer(server.options().slotFolder(folder.resolve("missing"))),
                "--slot-save-path");
    }

    @Test
    void tokensOfBrokenCharactersAreNamedAlthoughTheStreamLeavesThemOut() {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options())) {
            for (int length = 10; length < 40; length++) {
                try (ActivationHandle handle = runtime.prefill(tokens(length))) {
                    int[] expected = tokens(length);
                    while (expected.length < length + 30 && last(expected) != ToyModel.END) {
                        expected = ToyModel.plus(expected, ToyModel.next(expected, 0));
                    }
                    boolean ended = last(expected) == ToyModel.END;
                    int[] added = Arrays.copyOfRange(expected, length, expected.length - (ended ? 1 : 0));
                    var generation = handle.generate(GenerationOptions.greedy(30));
                    assertThat(generation.tokens()).containsExactly(added);
                    assertThat(generation.finishReason()).isEqualTo(ended ? FinishReason.STOP : FinishReason.LENGTH);
                }
            }
        }
        assertThat(server.requests("/completion").stream().filter(LlamaServerSlotsTest::asksAgain))
                .isNotEmpty();
    }

    private static boolean asksAgain(ScriptedInferenceServer.Request request) {
        return request.body().path("n_predict").asInt() > 0 && !request.body().has("stream");
    }

    private static int last(int[] tokens) {
        return tokens[tokens.length - 1];
    }

    @Test
    void aSinkThatWantsNoMoreLetsTheServerStop() throws InterruptedException {
        try (ActivationRuntime runtime = HttpRuntimes.llamaServer(server.options())) {
            // Some prefixes end early by themselves, and some answers lie in the network's buffers before anybody can
            // stop them.
            int length = 10;
            while (length < MOST_TRIES && !server.abandoned().await(100, TimeUnit.MILLISECONDS)) {
                try (ActivationHandle handle = runtime.prefill(tokens(length++))) {
                    handle.generate(GenerationOptions.greedy(2_000), (token, text) -> false);
                }
            }
            assertThat(server.abandoned().getCount()).isZero();
        }
    }
}
