package io.memos4j.core.adapters;

import io.memos4j.api.CubeId;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.TrainingConfig;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.SampleAdapters;
import io.memos4j.testkit.SampleItems;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class AdapterServiceTest {
    @TempDir
    Path directory;

    private Vault vault;
    private AdapterService service;

    @BeforeEach
    void open() {
        vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        Path base = directory.resolve("base");
        FakeModelRuntime runtime = FakeModelRuntime.in(base);
        AdapterDirectory adapters = new AdapterDirectory(directory.resolve("adapters"));
        AdapterTrainingService training = new AdapterTrainingService(
                TrainingConfig.of(new FakeAdapterTrainer(), base),
                runtime,
                adapters,
                Optional.empty(),
                () -> SampleItems.EPOCH);
        service = new AdapterService(vault, adapters, Optional.empty(), Optional.of(training), () -> SampleItems.EPOCH);
    }

    @AfterEach
    void close() {
        service.close();
        vault.close();
    }

    /** Deletes an item that an adapter was taught. */
    private CubeRow cubeWithProbes(String name) {
        MemoryItem item = SampleItems.message(1, "Bob lives in Oslo.");
        return vault.write(writer -> {
            CubeRow cube = writer.createCube(CubeId.of(name), "", 0, SampleItems.EPOCH);
            writer.insert(cube.key(), List.of(SampleItems.stored(item)));
            writer.adapters()
                    .record(
                            cube.key(),
                            SampleAdapters.recorded(
                                    new AdapterId("lesson-1", 1),
                                    AdapterState.ACTIVE,
                                    List.of(item.id()),
                                    SampleItems.EPOCH));
            service.beforeErasing(writer, cube.key(), List.of(item.id()));
            writer.erase(cube.key(), List.of(item.id()), SampleItems.EPOCH);
            return cube;
        });
    }

    @Test
    void theQuestionsAboutADeletedCubeAreForgotten() {
        CubeRow deleted = cubeWithProbes("deleted");
        CubeRow kept = cubeWithProbes("kept");
        assertThat(service.probes.of(deleted.key(), "lesson-1")).isNotEmpty();

        Optional<Runnable> erasure = vault.write(writer -> {
            writer.deleteCube(deleted.key());
            return service.afterCommit(writer);
        });
        erasure.orElseThrow().run();

        assertThat(service.probes.of(deleted.key(), "lesson-1")).isEmpty();
        assertThat(service.probes.of(kept.key(), "lesson-1")).isNotEmpty();
    }
}
