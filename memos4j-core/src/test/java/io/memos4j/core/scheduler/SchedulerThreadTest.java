package io.memos4j.core.scheduler;

import io.memos4j.api.CubeId;
import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskRequest;
import io.memos4j.api.TaskState;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerThreadTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void turnsThatFailAreRepeatedUntilOneSucceeds() {
        AtomicInteger failures = new AtomicInteger(2);
        InstantSource source = () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("nobody knows the time");
            }
            return NOW;
        };
        Clock clock = source.withZone(ZoneOffset.UTC);
        try (Vault vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE)) {
            TaskId id = vault.write(writer -> {
                CubeRow cube = writer.createCube(CubeId.of("a"), "", 0, NOW);
                return writer.tasks()
                        .enqueue(cube.key(), TaskRequest.of(TaskKind.MERGE), new TaskId(new UUID(0, 1)), NOW);
            });
            ExecutorService executor = Executors.newCachedThreadPool();
            Scheduler scheduler = new Scheduler(
                    vault,
                    Map.of(TaskKind.MERGE, run -> Outcome.done("")),
                    new Scheduler.Setting(
                            clock,
                            UUID::randomUUID,
                            RandomGenerator.getDefault(),
                            Retry.DEFAULT,
                            Map.of(),
                            executor,
                            new Signal()));
            try (SchedulerThread thread = new SchedulerThread(scheduler, clock, executor)) {
                Awaitility.await()
                        .until(() -> vault.<Task>read(reader ->
                                                reader.tasks().find(id).orElseThrow())
                                        .state()
                                == TaskState.DONE);
            }
        }
    }
}
