package io.memos4j.spi.tasks;

import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the queue of background tasks. Valid like the {@link VaultReader} that it belongs to. */
public interface TaskReader {
    Optional<Task> find(TaskId id);

    List<Task> list(TaskQuery query);

    /** The number of a cube's tasks in each state. */
    Map<TaskState, Long> count(CubeKey cube);

    /** The number of tasks of all cubes in each state. */
    Map<TaskState, Long> countAll();

    /** Returns the time at which the oldest ready task of a cube became ready. */
    Optional<Instant> oldestReady(CubeKey cube);

    /** Returns the time at which the oldest ready task of all cubes became ready. */
    Optional<Instant> oldestReady();

    /** Returns true if a task of this lane is ready, paused or not; cheap. */
    boolean hasReady(TaskKind.Lane lane);

    /** Returns the time at which the next scheduled task is due or the next lease ends, over all cubes. */
    Optional<Instant> nextEvent();

    /** Returns true if this cube was paused; the pause of all does not count. */
    boolean isPaused(CubeKey cube);

    /** Returns true if all cubes are paused together. */
    boolean allPaused();
}
