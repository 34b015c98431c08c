package io.memos4j.spi;

import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queue of background tasks, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface TaskReader {
    Optional<Task> find(TaskId id);

    List<Task> list(TaskQuery query);

    /** The number of tasks in each state; of all cubes for key 0. */
    Map<TaskState, Long> count(long cube);

    /** Since when the oldest ready task is ready; of all cubes for key 0. */
    Optional<Instant> oldestReady(long cube);

    /** Whether a task of this lane is ready, paused or not; cheap. */
    boolean hasReady(TaskKind.Lane lane);

    /** When the next scheduled task is due, or the next lease ends, over all cubes. */
    Optional<Instant> nextEvent();

    /** Whether the tasks of a cube, or of all for key 0, are paused; a cube is not paused by the pause of all. */
    boolean paused(long cube);
}
