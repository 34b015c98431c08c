package io.memos4j.bench.performance;

import io.memos4j.api.MemCube;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Measures many small cubes in one process: the first search of a closed cube, and resident memory. */
final class ManyCubesBenchmark {
    private static final int ITEMS = 100;
    private static final int SEARCHES = 500;

    private ManyCubesBenchmark() {}

    static List<BenchmarkFigure> run(int cubes) {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Path folder = workspace.folder("cubes");
            SyntheticText text = new SyntheticText(9);
            try (MemOs memos = MemOs.open(MemOsConfig.at(folder).withEmbedder(new SyntheticEmbedder()))) {
                for (int i = 0; i < cubes; i++) {
                    memos.cube("cube-" + i).add(text.messages(ITEMS, 0));
                }
                for (int i = 0; i < cubes; i++) {
                    memos.cube("cube-" + i).awaitIdle(Duration.ofHours(1));
                }
            }
            return measure(folder, cubes, text);
        }
    }

    private static List<BenchmarkFigure> measure(Path folder, int cubes, SyntheticText text) {
        LatencySamples cold = new LatencySamples();
        try (MemOs memos = MemOs.open(MemOsConfig.at(folder).withEmbedder(new SyntheticEmbedder()))) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(4);
            for (int i = 0; i < SEARCHES; i++) {
                MemCube cube = memos.cube("cube-" + random.nextInt(cubes));
                String query = text.sentence(6);
                cold.time(() -> cube.search(query));
            }
            return List.of(
                    BenchmarkFigure.atMost(
                            String.format("first search of one of %,d closed cubes of 100 items, p95", cubes),
                            cold.percentile(95),
                            "ms",
                            50),
                    BenchmarkFigure.baseline("the same, p50", cold.median(), "ms"),
                    BenchmarkFigure.atMost("resident memory after that", ResidentMemory.megabytes(), "MiB", 1_024));
        }
    }
}
