package io.memos4j.api.tasks;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The background work of a memory operating system: durable tasks that survive a crash, run once for each cause, and
 * never block what is asked in the foreground. Thread-safe.
 *
 * <p>Within a cube, tasks of one {@link TaskKind.Lane} run one after the other by priority and order of asking; between
 * cubes they take turns. A task that fails is retried with a growing delay while others run; after its last attempt it
 * is {@link TaskState#DEAD}, with the reason, until it is replayed. Tasks that ended are forgotten after a day, those
 * that follow every add and search after an hour, dead ones after thirty days.
 */
public interface MemScheduler {
    /**
     * Submits a task.
     *
     * @return the task, or the waiting one that the request has joined
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND}, or {@link ErrorCode#INVALID_CONFIGURATION} for a
     *     kind that this engine is not configured for
     */
    Task submit(CubeId cube, TaskRequest request);

    Optional<Task> find(TaskId id);

    List<Task> list(TaskQuery query);

    /**
     * Waits until a task has ended, or the time is up.
     *
     * @return the task as it then stands
     * @throws MemoryException with {@link ErrorCode#TASK_NOT_FOUND} if there is none
     */
    Task await(TaskId id, Duration timeout);

    /** Cancels a task; a running one ends at its next step. Returns false if it had ended already. */
    boolean cancel(TaskId id);

    /**
     * Runs a dead or canceled task again, with all its attempts.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if it is neither
     */
    Task replay(TaskId id);

    /** Starts no more tasks of a cube until {@link #resume(CubeId)}; survives a restart. Running ones finish. */
    void pause(CubeId cube);

    void resume(CubeId cube);

    /** Starts no more tasks at all until {@link #resumeAll}; survives a restart. */
    void pauseAll();

    void resumeAll();

    /**
     * Runs all pending upkeep of a cube now instead of when it is due.
     *
     * @return whether nothing was left to do when the time was up
     */
    boolean maintain(CubeId cube, Duration timeout);

    SchedulerStatus status();

    SchedulerStatus status(CubeId cube);
}
