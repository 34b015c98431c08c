package io.memos4j.bench.performance;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The benchmarks by name. Each works in a temporary directory of its own. */
public final class BenchmarkCatalog {
    private static final Map<String, Supplier<List<BenchmarkFigure>>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("add", AddBenchmark::run);
        ALL.put("embed", EmbedBenchmark::run);
        ALL.put("search-100k", () -> SearchBenchmark.run(100_000, 30));
        ALL.put("idle", IdleBenchmark::run);
        ALL.put("queue", QueueBenchmark::run);
        ALL.put("server", ServerBenchmark::run);
        ALL.put("fairness", FairnessBenchmark::run);
        ALL.put("cubes-1k", () -> ManyCubesBenchmark.run(1_000));
        ALL.put("cubes-10k", () -> ManyCubesBenchmark.run(10_000));
        ALL.put("activation", KvCacheBenchmark::run);
        ALL.put("eviction", EvictionBenchmark::run);
        ALL.put("activation-compression", KvCacheCompressionBenchmark::run);
        ALL.put("chat", ChatBenchmark::run);
        ALL.put("training", withTrainer(TrainingBenchmark::run));
        ALL.put("lessons", withTrainer(ContinualLearningBenchmark::run));
        ALL.put("routing", RoutingBenchmark::run);
        ALL.put("vector-scan", VectorScanBenchmark::run);
        ALL.put("composite", CompositeBenchmark::run);
        ALL.put("preload", PreloadBenchmark::run);
        ALL.put("year", MaintenanceBenchmark::run);
        ALL.put("poisoning", PoisoningBenchmark::run);
        ALL.put("privacy", PrivacyBenchmark::run);
        ALL.put("search-1m", () -> SearchBenchmark.run(1_000_000, 60));
    }

    private BenchmarkCatalog() {}

    /** Wraps a benchmark of the trainer, which is not part of every build. */
    private static Supplier<List<BenchmarkFigure>> withTrainer(Supplier<List<BenchmarkFigure>> benchmark) {
        return () -> {
            try {
                return benchmark.get();
            } catch (LinkageError e) {
                throw new MemoryException(
                        ErrorCode.UNSUPPORTED,
                        "The trainer is not part of this build (" + e
                                + "). Build with MEMOS4J_TRAINER=yes ./memos4j build.",
                        e);
            }
        };
    }

    /** Returns the names of all benchmarks. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    /** Returns the names of the benchmarks that take a few minutes together. */
    public static List<String> quick() {
        return List.of("add", "embed", "search-100k", "idle", "queue", "cubes-1k");
    }

    /** Runs a benchmark and returns its figures beside their budgets and baselines. */
    public static List<BenchmarkFigure> run(String name) {
        Supplier<List<BenchmarkFigure>> benchmark = ALL.get(name);
        if (benchmark == null) {
            throw MemoryException.invalid(
                    "There is no benchmark '" + name + "'. Choose from " + String.join(", ", names()) + ".");
        }
        return benchmark.get();
    }
}
