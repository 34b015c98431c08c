package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.runtime.files.ActivationFile;
import io.memos4j.runtime.files.StateCompression;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LlamaRefusalTest {
    private static final LlamaCppProvider PROVIDER = new LlamaCppProvider();

    @TempDir
    private Path folder;

    @Test
    void twoModelsWorkBesideEachOtherAndRefuseEachOthersStates() throws IOException {
        Path other = folder.resolve("other.gguf");
        RandomLlama.tiny(2).template("{{ x }}").write(other);
        try (ActivationRuntime first = PROVIDER.open(TestModels.options());
                ActivationRuntime second = PROVIDER.open(ActivationOptions.of(other));
                ActivationHandle one = first.prefill(tokens(50));
                ActivationHandle two = second.prefill(tokens(50))) {
            assertThat(continuation(one)).isNotEqualTo(continuation(two));
            one.save(folder.resolve("one"));
            refused(
                    ErrorCode.ACTIVATION_MISMATCH,
                    () -> second.restore(folder.resolve("one")),
                    "model file",
                    "chat template");
            first.restore(folder.resolve("one")).close();
            assertThat(second.inspect(folder.resolve("one")).model()).isEqualTo(first.model());
        }
    }

    @Test
    void aStateOfAnotherCacheTypeIsRefused() {
        try (ActivationRuntime half = PROVIDER.open(TestModels.options());
                ActivationRuntime eighth = PROVIDER.open(
                        TestModels.options().caches(new KvCacheTypes(KvCacheType.Q8_0, KvCacheType.F16)));
                ActivationHandle handle = half.prefill(tokens(50))) {
            handle.save(folder.resolve("half"));
            refused(
                    ErrorCode.ACTIVATION_MISMATCH,
                    () -> eighth.restore(folder.resolve("half")),
                    "F16 keys and F16 values, not Q8_0 keys and F16 values");
        }
    }

    @Test
    void aStateThatIsSoundButNotOneOfTheEngineIsRefusedByIt() throws IOException {
        try (ActivationRuntime runtime = PROVIDER.open(TestModels.options());
                ActivationHandle handle = runtime.prefill(tokens(50))) {
            Path file = folder.resolve("saved");
            handle.save(file);
            byte[] bytes = Files.readAllBytes(file);
            int state = bytes.length - 4 - (int) runtime.inspect(file).stateBytes();
            Arrays.fill(bytes, state + 4, bytes.length - 4, (byte) 0x7F);
            CRC32C sum = new CRC32C();
            sum.update(bytes, state, bytes.length - 4 - state);
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) sum.getValue());
            Files.write(file, bytes);
            refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file));
            handle.extend(tokens(20));
            assertThat(runtime.statistics().handles()).isEqualTo(1);
        }
    }

    @Test
    void aStateOfOtherTokensThanItsManifestNamesIsRefused() {
        Path file = folder.resolve("saved");
        try (LlamaCppRuntime runtime = LlamaCppRuntime.open(TestModels.options());
                ActivationHandle handle = runtime.prefill(tokens(50));
                ActivationFile saved = ActivationFile.open(savedTo(file, handle));
                Arena memory = Arena.ofConfined()) {
            ActivationManifest manifest = saved.manifest();
            MemorySegment state = memory.allocate(manifest.stateBytes());
            saved.copyState(new StateChannel(state));
            int[] fewer = tokens(40);
            String hash = ActivationManifest.hashOf(fewer);
            ActivationManifest wrong = new ActivationManifest(
                    manifest.model(), manifest.caches(), manifest.runtime(), 40, hash, state.byteSize());
            ActivationFile.write(file, wrong, fewer, new StateChannel(state), StateCompression.PLAIN);
            refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file), "49 tokens, its manifest says 39");
            assertThat(runtime.statistics().contextTokens()).isEqualTo(49);
            assertThat(runtime.statistics().handles()).isEqualTo(1);
        }
    }

    private static Path savedTo(Path file, ActivationHandle handle) {
        handle.save(file);
        return file;
    }

    @Test
    void aFullContextIsRefusedAndThenGoesOn() {
        try (ActivationRuntime runtime =
                PROVIDER.open(TestModels.options().contextTokens(512).handles(8))) {
            int room = runtime.capabilities().contextTokens();
            ActivationHandle first = runtime.prefill(tokens(room / 2));
            ActivationHandle second = runtime.prefill(tokens(room / 2 - 10));
            int[] expected = first.generate(GenerationOptions.greedy(5)).tokens();
            refused(ErrorCode.CONTEXT_FULL, () -> runtime.prefill(tokens(60)));
            refused(ErrorCode.CONTEXT_FULL, () -> second.extend(tokens(60)));
            refused(ErrorCode.CONTEXT_FULL, () -> first.generate(GenerationOptions.greedy(room)));
            assertThat(first.tokens()).hasSize(room / 2);
            assertThat(second.tokens()).hasSize(room / 2 - 10);
            assertThat(first.generate(GenerationOptions.greedy(5)).tokens()).containsExactly(expected);
            second.close();
            first.extend(tokens(60));
            assertThat(runtime.statistics().contextTokens()).isEqualTo(room / 2 + 59);
        }
    }

    @Test
    void roomThatLiesInPiecesIsUsed() {
        try (ActivationRuntime runtime =
                PROVIDER.open(TestModels.options().contextTokens(1_024).handles(32))) {
            List<ActivationHandle> handles = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handles.add(runtime.prefill(tokens(50)));
            }
            int[] kept = continuation(handles.get(1));
            for (int i = 0; i < 20; i += 2) {
                handles.get(i).close();
            }
            handles.get(1).save(folder.resolve("saved"));
            try (ActivationHandle large = runtime.prefill(tokens(400))) {
                int[] expected = continuation(large);
                large.save(folder.resolve("large"));
                large.close();
                try (ActivationHandle again = runtime.restore(folder.resolve("large"))) {
                    assertThat(continuation(again)).containsExactly(expected);
                }
            }
            assertThat(continuation(handles.get(1))).containsExactly(kept);
        }
    }

    @Test
    void moreCallsThanMayWaitAreRefusedAndAnInterruptedOneWithdraws() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger run = new AtomicInteger();
        try (EngineThread thread = new EngineThread();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < EngineThread.MAX_WAITING; i++) {
                waiting.add(callers.submit(() -> thread.call(() -> {
                    awaitUninterruptibly(gate);
                    return run.incrementAndGet();
                })));
            }
            try {
                await().until(() -> thread.countCallers() == EngineThread.MAX_WAITING);
                refused(ErrorCode.RATE_LIMITED, () -> thread.call(() -> true));
                waiting.getLast().cancel(true);
                await().until(() -> thread.countCallers() == EngineThread.MAX_WAITING - 1);
            } finally {
                gate.countDown();
            }
        }
        assertThat(run).hasValue(EngineThread.MAX_WAITING - 1);
    }

    private static void awaitUninterruptibly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void optionsOutOfBoundsAreRefused() {
        ActivationOptions options = TestModels.options();
        refused(ErrorCode.INVALID_ARGUMENT, () -> options.contextTokens(63));
        refused(ErrorCode.INVALID_ARGUMENT, () -> options.handles(0));
        refused(ErrorCode.INVALID_ARGUMENT, () -> options.threads(1_000));
        refused(ErrorCode.INVALID_ARGUMENT, () -> GenerationOptions.greedy(0));
        refused(ErrorCode.INVALID_ARGUMENT, () -> new GenerationOptions.Sampling(Float.NaN, 0, 1, 1));
        refused(ErrorCode.INVALID_ARGUMENT, () -> new GenerationOptions.Sampling(1, -1, 1, 1));
        refused(ErrorCode.INVALID_ARGUMENT, () -> new GenerationOptions.Sampling(1, 0, 0, 1));
    }

    @Test
    void aContextLargerThanMemoryIsRefused() throws IOException {
        Path file = folder.resolve("timing.gguf");
        RandomLlama wide = new RandomLlama(64, 1_024, 8, 8, 32, 1 << 20, TensorType.F16, 1, 1, "");
        wide.write(file);
        refused(
                ErrorCode.RUNTIME_FAILED,
                () -> PROVIDER.open(ActivationOptions.of(file).contextTokens(ActivationOptions.MAX_CONTEXT)));
    }

    private static int[] continuation(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(16)).tokens();
    }

    private static int[] tokens(int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = 3 + (i * 37 + i / 7) % 250;
        }
        return tokens;
    }
}
