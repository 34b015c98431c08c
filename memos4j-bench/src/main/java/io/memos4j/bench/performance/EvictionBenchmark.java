package io.memos4j.bench.performance;

import io.memos4j.bench.eviction.EvictionComparison;
import java.nio.file.Path;
import java.util.List;

/** Measures the hit rates of eviction policies; replays labeled sets too if they are given. */
final class EvictionBenchmark {
    private EvictionBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<Path> sets = DatasetFolders.given() ? DatasetFolders.folders() : List.of();
        return EvictionComparison.run(sets).stream()
                .map(row -> new BenchmarkFigure(row.text(), row.learned(), "%", "misses in bound", row.bounded()))
                .toList();
    }
}
