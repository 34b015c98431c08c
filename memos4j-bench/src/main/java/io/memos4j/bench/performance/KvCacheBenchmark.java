package io.memos4j.bench.performance;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Measures the time to the first token with a restored and with a computed prefix, on a model of 142 million random
 * weights, and the size of the saved KV cache.
 *
 * <p>The bound that no restore can beat is reading the file, which is in the page cache, and computing one token.
 */
final class KvCacheBenchmark {
    private static final int CONTEXT = 8_448;
    private static final int COMPUTED = 3;

    /** From this length on a prefix is computed only once, because that takes long. */
    private static final int LONG = 4_096;

    private static final int RESTORED = 9;

    private final ActivationRuntimeProvider provider;
    private final Path model;
    private final Path file;
    private final List<BenchmarkFigure> figures = new ArrayList<>();

    private KvCacheBenchmark(ActivationRuntimeProvider provider, Path folder) {
        this.provider = provider;
        this.model = folder.resolve("timing.gguf");
        this.file = folder.resolve("saved");
    }

    static List<BenchmarkFigure> run() {
        ActivationRuntimeProvider provider = provider();
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            KvCacheBenchmark benchmark = new KvCacheBenchmark(provider, workspace.folder("activation"));
            RandomLlama.timing(1).contextLength(CONTEXT).write(benchmark.model);
            benchmark.times(
                    "142 M parameters",
                    new Length(512, 0),
                    new Length(2_048, 40),
                    new Length(LONG, 0),
                    new Length(8_192, 0));
            benchmark.sizes();
            RandomLlama.larger(1).write(benchmark.model);
            benchmark.times("354 M parameters", new Length(LONG, 80));
            return benchmark.figures;
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write the benchmark model: " + e, e);
        }
    }

    static ActivationRuntimeProvider provider() {
        try {
            return ServiceLoader.load(ActivationRuntimeProvider.class)
                    .findFirst()
                    .orElseThrow(() -> new MemoryException(
                            ErrorCode.RUNTIME_FAILED,
                            "No activation runtime was found. Build and run with Java 22 or newer."));
        } catch (LinkageError e) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED, "The activation runtime needs a newer Java than this: " + e, e);
        }
    }

    /**
     * A length to measure.
     *
     * @param budget the required speedup of restoring; 0 for none
     */
    private record Length(int tokens, double budget) {}

    private void times(String size, Length... lengths) throws IOException {
        try (ActivationRuntime runtime = open(KvCacheType.F16)) {
            compute(runtime, tokens(64));
            for (Length length : lengths) {
                times(size, length, runtime);
            }
        }
    }

    private void times(String size, Length length, ActivationRuntime runtime) throws IOException {
        int[] tokens = tokens(length.tokens);
        LatencySamples computed = new LatencySamples();
        for (int i = 0; i < (length.tokens < LONG ? COMPUTED : 1); i++) {
            computed.time(() -> compute(runtime, tokens));
        }
        try (ActivationHandle handle = runtime.prefill(tokens)) {
            handle.save(file);
        }
        LatencySamples restored = new LatencySamples();
        LatencySamples bound = new LatencySamples();
        for (int i = 0; i < RESTORED; i++) {
            restored.time(() -> restore(runtime));
            bound.add(read() + newToken(runtime));
        }
        String what = String.format(Locale.ROOT, "%s, %,d tokens: restored against computed", size, length.tokens);
        double ratio = computed.median() / restored.median();
        figures.add(
                length.budget > 0
                        ? BenchmarkFigure.atLeast(what, ratio, "times", length.budget)
                        : new BenchmarkFigure(what, ratio, "times", "", true));
        figures.add(BenchmarkFigure.baseline("first token, computed", computed.median(), "ms"));
        figures.add(BenchmarkFigure.baseline("first token, restored", restored.median(), "ms"));
        figures.add(BenchmarkFigure.baseline("bound: reading the file and computing one token", bound.median(), "ms"));
    }

    private static void compute(ActivationRuntime runtime, int[] tokens) {
        try (ActivationHandle handle = runtime.prefill(tokens)) {
            first(handle);
        }
    }

    private void restore(ActivationRuntime runtime) {
        try (ActivationHandle handle = runtime.restore(file)) {
            first(handle);
        }
    }

    private static GenerationResult first(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(1));
    }

    /** Returns the nanoseconds that reading the file takes. */
    private long read() throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
        long start = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(block) >= 0) {
                block.clear();
            }
        }
        return System.nanoTime() - start;
    }

    /** Returns the nanoseconds that the runtime takes for the last token of a restored prefix. */
    private long newToken(ActivationRuntime runtime) {
        try (ActivationHandle handle = runtime.restore(file)) {
            return first(handle).timeToFirstToken().toNanos();
        }
    }

    private void sizes() {
        for (KvCacheType type : KvCacheType.values()) {
            try (ActivationRuntime runtime = open(type);
                    ActivationHandle handle = runtime.prefill(tokens(513))) {
                double bytes = handle.save(file).stateBytes() / 512.0;
                figures.add(new BenchmarkFigure("saved bytes per token, " + type, bytes, "B", "", true));
                figures.add(BenchmarkFigure.baseline(
                        "numbers alone", runtime.model().shape().bytesPerToken(KvCacheTypes.of(type)), "B"));
            }
        }
    }

    private ActivationRuntime open(KvCacheType type) {
        return provider.open(ActivationOptions.of(model).contextTokens(CONTEXT).caches(KvCacheTypes.of(type)));
    }

    private static int[] tokens(int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(9);
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> 3 + random.nextInt(256));
        return tokens;
    }
}
