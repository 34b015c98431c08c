package io.memos4j.bench.performance;

import com.github.luben.zstd.Zstd;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Measures the cost of smaller saved prefixes: bytes per token, and the divergence of next-token distributions from
 * those after an F16 prefix ({@link LogitDivergence}); and the effect of zstd on saved files, as they are and with the
 * first bytes of all numbers before the second ones.
 *
 * <p>After each prefix the same {@value #STEPS} tokens are forced, so that every step compares the same context.
 *
 * <p>Random weights have no outlier tokens or channels: they show only the rounding loss. The environment variable
 * {@value #MODEL} names a model and a text to measure as well, {@code model.gguf,text.txt}. Decision 019 has the
 * figures, also those of rejected alternatives.
 */
final class KvCacheCompressionBenchmark {
    private static final String MODEL = "MEMOS4J_MODEL";
    private static final int[] LENGTHS = {512, 2_048};
    private static final int STEPS = 64;
    private static final int CONTEXT = 4_608;
    private static final int PREFIXES = 4;
    private static final int ROUNDS = 5;
    private static final int LEVEL = 3;

    private static final List<KvCacheTypes> CACHES = List.of(
            KvCacheTypes.of(KvCacheType.F16),
            KvCacheTypes.of(KvCacheType.Q8_0),
            new KvCacheTypes(KvCacheType.Q8_0, KvCacheType.Q4_0),
            KvCacheTypes.of(KvCacheType.Q4_0));

    private final String name;
    private final Path model;
    private final Path file;
    private final Map<String, LogitDivergence> drifts = new LinkedHashMap<>();
    private final List<BenchmarkFigure> figures = new ArrayList<>();

    private KvCacheCompressionBenchmark(String name, Path model, Path folder) {
        this.name = name;
        this.model = model;
        this.file = folder.resolve("saved");
    }

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Path folder = workspace.folder("compression");
            List<BenchmarkFigure> figures = new ArrayList<>();
            figures.addAll(measureRandom("small", RandomLlama.tiny(1), PREFIXES, folder));
            figures.addAll(measureRandom("small, sharp", RandomLlama.tiny(1).sharpness(4), PREFIXES, folder));
            figures.addAll(measureRandom("large", RandomLlama.timing(1), 1, folder));
            figures.addAll(measureRandom("large, sharp", RandomLlama.timing(1).sharpness(4), 1, folder));
            figures.addAll(measureGiven(folder));
            return figures;
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write the measured files: " + e, e);
        }
    }

    private static List<BenchmarkFigure> measureRandom(String name, RandomLlama weights, int prefixes, Path folder)
            throws IOException {
        Path model = folder.resolve("model.gguf");
        weights.contextLength(CONTEXT).write(model);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(9);
        int[] tokens = random.ints((long) prefixes * (LENGTHS[LENGTHS.length - 1] + STEPS), 3, 259)
                .toArray();
        return new KvCacheCompressionBenchmark(name, model, folder).measure(tokens);
    }

    private static List<BenchmarkFigure> measureGiven(Path folder) throws IOException {
        String value = System.getenv(MODEL);
        if (value == null) {
            return List.of();
        }
        String[] files = value.split(",");
        if (files.length != 2) {
            throw MemoryException.invalid(
                    MODEL + " must be a model and a text, model.gguf,text.txt (was " + value + ").");
        }
        KvCacheCompressionBenchmark benchmark = new KvCacheCompressionBenchmark("given", Path.of(files[0]), folder);
        try (ActivationRuntime runtime = benchmark.open(KvCacheTypes.of(KvCacheType.F16))) {
            return benchmark.measure(runtime.tokenize(Files.readString(Path.of(files[1]))));
        }
    }

    /** Measures up to {@value #PREFIXES} prefixes of each length, spread evenly over the tokens. */
    private List<BenchmarkFigure> measure(int[] tokens) throws IOException {
        int least = LENGTHS[LENGTHS.length - 1] + STEPS;
        if (tokens.length < least) {
            throw MemoryException.invalid(
                    "The text has " + tokens.length + " tokens; at least " + least + " are needed.");
        }
        for (int length : LENGTHS) {
            int room = tokens.length / PREFIXES;
            int count = Math.clamp(tokens.length / (length + STEPS), 1, PREFIXES);
            for (int i = 0; i < count; i++) {
                int from = count == 1 ? 0 : Math.min(i * room, tokens.length - length - STEPS);
                measure(Arrays.copyOfRange(tokens, from, from + length + STEPS), i == 0);
            }
            drifts.forEach((what, drift) ->
                    figures.add(drift.figure(String.format(Locale.ROOT, "%s, %,d, %s", name, length, what))));
            drifts.clear();
        }
        return figures;
    }

    private void measure(int[] tokens, boolean pack) throws IOException {
        float[][] expected = forcedLogits(CACHES.getFirst(), tokens, pack);
        for (KvCacheTypes types : CACHES.subList(1, CACHES.size())) {
            float[][] actual = forcedLogits(types, tokens, pack);
            drifts.computeIfAbsent(label(types), any -> new LogitDivergence()).add(expected, actual);
        }
    }

    /** Returns the logits of each step while a prefix is extended by the tokens after it. */
    private float[][] forcedLogits(KvCacheTypes types, int[] tokens, boolean pack) throws IOException {
        int length = tokens.length - STEPS;
        try (ActivationRuntime runtime = open(types);
                ActivationHandle handle = runtime.prefill(Arrays.copyOf(tokens, length))) {
            if (pack) {
                measureSaved(runtime, handle);
            }
            float[][] logits = new float[STEPS][];
            for (int i = 0; i < STEPS; i++) {
                logits[i] = handle.logits();
                handle.extend(new int[] {tokens[length + i]});
            }
            return logits;
        }
    }

    private static String label(KvCacheTypes types) {
        return types.keys() + " and " + types.values();
    }

    /** Measures the size of a saved prefix, the time to restore it, and its compression with zstd. */
    private void measureSaved(ActivationRuntime runtime, ActivationHandle handle) throws IOException {
        double bytes = handle.save(file).stateBytes();
        LatencySamples restoring = new LatencySamples();
        for (int i = 0; i < ROUNDS; i++) {
            restoring.time(() -> runtime.restore(file).close());
        }
        int length = handle.tokens().length;
        String begin = String.format(
                Locale.ROOT,
                "%s, %,d, %s: ",
                name,
                length,
                label(runtime.capabilities().inUse()));
        figures.add(new BenchmarkFigure(begin + "bytes per token", bytes / (length - 1), "B", "", true));
        figures.add(new BenchmarkFigure(begin + "restore", restoring.median(), "ms", "", true));
        byte[] saved = Files.readAllBytes(file);
        zstd(begin + "zstd", saved);
        zstd(begin + "zstd of split numbers", split(saved));
    }

    private void zstd(String what, byte[] bytes) {
        LatencySamples packing = new LatencySamples();
        LatencySamples unpacking = new LatencySamples();
        byte[] packed = Zstd.compress(bytes, LEVEL);
        for (int i = 0; i < ROUNDS; i++) {
            packing.time(() -> Zstd.compress(bytes, LEVEL));
            unpacking.time(() -> Zstd.decompress(packed, bytes.length));
        }
        double megabytes = bytes.length / 1e6;
        figures.add(new BenchmarkFigure(what + ": saved", 100 - 100.0 * packed.length / bytes.length, "%", "", true));
        figures.add(BenchmarkFigure.baseline("compressing", megabytes * 1_000 / packing.median(), "MB/s"));
        figures.add(BenchmarkFigure.baseline("decompressing", megabytes * 1_000 / unpacking.median(), "MB/s"));
    }

    private static byte[] split(byte[] bytes) {
        int half = bytes.length / 2;
        byte[] split = bytes.clone();
        for (int i = 0; i < half; i++) {
            split[i] = bytes[2 * i];
            split[half + i] = bytes[2 * i + 1];
        }
        return split;
    }

    private ActivationRuntime open(KvCacheTypes types) {
        return KvCacheBenchmark.provider()
                .open(ActivationOptions.of(model).contextTokens(CONTEXT).caches(types));
    }
}
