package io.memos4j.core.index;

import io.memos4j.api.MemCube;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CubeIndexManagerTest {
    private static final int CUBES = 12;

    @TempDir
    private Path directory;

    @Test
    void manyCubesShareFewOpenIndexesUnderConcurrentReadsAndWrites() throws Exception {
        MemOsConfig config = MemOsConfig.at(directory).withoutEmbedder().withLimits(Limits.DEFAULT.withOpenIndexes(2));
        try (MemOs memos = MemOs.open(config);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int number = thread;
                running.add(threads.submit(() -> {
                    RandomGenerator random =
                            RandomGeneratorFactory.of("L64X128MixRandom").create(number);
                    for (int i = 0; i < 60; i++) {
                        MemCube cube = memos.cube("cube-" + random.nextInt(CUBES));
                        String word = "word" + number + "x" + i;
                        cube.add(word);
                        assertThat(cube.search(word).hits()).hasSize(1);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            long items = 0;
            for (int i = 0; i < CUBES; i++) {
                items += memos.cube("cube-" + i).describe().itemCount();
            }
            assertThat(items).isEqualTo(8 * 60);
        }
    }
}
