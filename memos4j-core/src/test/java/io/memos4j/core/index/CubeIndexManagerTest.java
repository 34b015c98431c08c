package io.memos4j.core.index;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Limits;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.CubeIndexProvider;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.SampleItems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

class CubeIndexManagerTest {
    private static final int CUBES = 12;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anIndexThatCannotCommitKeepsNoOtherIndexOpen() {
        try (Vault vault = ServiceLoader.load(VaultProvider.class)
                        .findFirst()
                        .orElseThrow()
                        .open(directory, Long.MAX_VALUE);
                CubeIndexManager indexes =
                        new CubeIndexManager(vault, new FailingIndexProvider(), directory.resolve("index"), CUBES)) {
            for (String name : List.of("one", "two")) {
                CubeRow cube = vault.write(writer -> {
                    CubeRow made = writer.createCube(CubeId.of(name), "", 0, SampleItems.EPOCH);
                    writer.insert(made.key(), List.of(SampleItems.stored(SampleItems.message(1, "hello"))));
                    return made;
                });
                indexes.catchUp(cube);
            }
            refused(ErrorCode.STORAGE_FULL, indexes::commit);
        }
    }

    /** Opens indexes that apply every change but cannot commit. */
    private record FailingIndexProvider() implements CubeIndexProvider {
        @Override
        public CubeIndex open(Path folder, int dimension) {
            return new FailingIndex();
        }
    }

    private static final class FailingIndex implements CubeIndex {
        private long seq;

        @Override
        public long appliedSeq() {
            return seq;
        }

        @Override
        public void apply(ChangeBatch batch) {
            seq = batch.seq();
        }

        @Override
        public Ranking lexical(LexicalQuery query) {
            return new Ranking(List.of(), true);
        }

        @Override
        public WordStatistics words(String text) {
            return WordStatistics.NONE;
        }

        @Override
        public Ranking dense(DenseQuery query) {
            return new Ranking(List.of(), true);
        }

        @Override
        public void commit() {
            throw new MemoryException(ErrorCode.STORAGE_FULL, "The disk is full.");
        }

        @Override
        public void expunge() {}

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void close() {}
    }

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
