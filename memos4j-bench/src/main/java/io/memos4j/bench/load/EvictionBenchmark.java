package io.memos4j.bench.load;

import io.memos4j.bench.eviction.Comparison;
import java.nio.file.Path;
import java.util.List;

/** Hit rates of eviction policies; labelled sets are replayed too where they are given. */
final class EvictionBenchmark {
    private EvictionBenchmark() {}

    static List<Figure> run() {
        List<Path> sets = LabelledSets.given() ? LabelledSets.folders() : List.of();
        return Comparison.run(sets).stream()
                .map(row -> new Figure(row.text(), row.learned(), "%", "misses in bound", row.bounded()))
                .toList();
    }
}
