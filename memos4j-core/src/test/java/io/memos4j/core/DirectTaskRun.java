package io.memos4j.core;

import io.memos4j.api.Actor;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs a task at once and to its end, without a scheduler. */
final class DirectTaskRun implements TaskRun {
    private static final int MOST_TURNS = 100;

    private final Engine engine;
    private final CubeRow cube;
    private final Task task;
    private Runnable beforeCommit = () -> {};

    DirectTaskRun(Engine engine, CubeRow cube, TaskKind kind, String subject) {
        this.engine = engine;
        this.cube = cube;
        this.task = new Task(
                new TaskId(UUID.randomUUID()),
                cube.id(),
                kind,
                subject,
                TaskState.RUNNING,
                0,
                Instant.EPOCH,
                Optional.empty(),
                1,
                0,
                0,
                "",
                "test",
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** Lets something happen between reading and the next commit. */
    DirectTaskRun disturbedBy(Runnable disturbance) {
        beforeCommit = disturbance;
        return this;
    }

    /** Runs until it is done or waits. */
    TaskOutcome with(TaskHandler handler) {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            TaskOutcome outcome = handler.run(this);
            commit(writer -> {
                if (outcome instanceof TaskOutcome.Done done) {
                    done.effect().accept(writer);
                }
                return true;
            });
            if (!(outcome instanceof TaskOutcome.More)) {
                engine.storage.indexes.catchUp(cube);
                return outcome;
            }
        }
        throw new AssertionError(task.kind() + " does not end");
    }

    @Override
    public CubeRow cube() {
        return cube;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public <T> T commit(Function<VaultWriter, T> step) {
        Runnable disturbance = beforeCommit;
        beforeCommit = () -> {};
        disturbance.run();
        return engine.storage.vault.write(Actor.of(task), step);
    }

    @Override
    public void progress(long done, long total) {}

    @Override
    public <T> T runInterruptibly(Supplier<T> wait) {
        return wait.get();
    }

    @Override
    public void check() {}
}
