package io.memos4j.core.tasks;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A vault with a queue, a clock that stands still, and a scheduler whose tasks run within its turns. */
abstract class TaskSchedulerFixture {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final TaskRetryPolicy RETRY = new TaskRetryPolicy(3, Duration.ofSeconds(2), Duration.ofMinutes(1));
    static final TaskRequest MERGE = TaskRequest.of(TaskKind.MERGE);

    @TempDir
    Path directory;

    final MutableClock clock = new MutableClock(START);
    final Map<TaskKind, TaskHandler> handlers = new HashMap<>();
    final List<String> ran = new ArrayList<>();
    Vault vault;
    long lastId;

    @BeforeEach
    void openVault() {
        vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        handlers.put(TaskKind.MERGE, run -> {
            ran.add(run.task().cube() + " " + run.task().subject());
            return TaskOutcome.done(
                    "merged",
                    writer -> writer.setMark(
                            run.cube().key(), TaskKind.MERGE, run.task().attempts()));
        });
    }

    @AfterEach
    void closeVault() {
        vault.close();
    }

    static void turn(TaskScheduler scheduler) {
        while (scheduler.runDueTasks() > 0) {
            // Everything that is ready.
        }
    }

    TaskScheduler scheduler() {
        return scheduler(4);
    }

    TaskScheduler scheduler(int slots) {
        return scheduler(slots, Runnable::run);
    }

    TaskScheduler scheduler(int slots, Executor executor) {
        return builder(handlers).slots(Map.of(Lane.UPKEEP, slots), executor).build();
    }

    SchedulerBuilder builder(Map<TaskKind, TaskHandler> handled) {
        return TaskScheduler.builder(vault, handled)
                .clock(clock)
                .ids(() -> new UUID(1, ++lastId))
                .retry(RETRY, RandomGenerator.of("L64X128MixRandom"));
    }

    CubeRow cube(String name) {
        return vault.write(writer ->
                writer.findCube(CubeId.of(name)).orElseGet(() -> writer.createCube(CubeId.of(name), "", 0, START)));
    }

    Task ask(String name, TaskRequest request) {
        CubeRow cube = cube(name);
        return vault.write(writer -> {
            TaskId id = writer.tasks().enqueue(cube.key(), request, new TaskId(new UUID(0, ++lastId)), clock.instant());
            return writer.tasks().find(id).orElseThrow();
        });
    }

    Task found(Task task) {
        return vault.read(reader -> reader.tasks().find(task.id())).orElseThrow();
    }

    TaskState state(Task task) {
        return found(task).state();
    }
}
