package io.memos4j.spi.tasks;

import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes the queue of background tasks. Works inside the transaction of its {@link VaultWriter}, so that a task is
 * enqueued together with its cause and ends together with its effect.
 *
 * <p>Methods with a {@link TaskLease} fail with {@link io.memos4j.api.ErrorCode#LEASE_LOST} if it is not the last lease
 * of the task or the task no longer runs, which rolls back the transaction.
 */
public interface TaskWriter extends TaskReader {
    /**
     * Enqueues a task. If one of the same cube, kind and subject is waiting, it is joined: it is due at the earlier
     * time, with the higher priority.
     *
     * @param fresh the id of the task if it is a new one
     * @return the id of the new or the joined task
     */
    TaskId enqueue(CubeKey cube, TaskRequest request, TaskId fresh, Instant now);

    /** Makes scheduled tasks ready that are due. */
    int releaseDue(Instant now);

    /** Makes those of these tasks ready that are scheduled. */
    int expedite(Collection<TaskId> ids, Instant now);

    /**
     * Makes running tasks ready again whose lease has expired.
     *
     * @param owner if not empty, the tasks of all other owners instead, expired or not: what a former process left
     *     behind
     */
    int reclaim(String owner, Instant now);

    /**
     * Leases ready tasks of cubes that are neither busy nor paused: one of each cube, the first by priority and order
     * of enqueuing. Tasks past their deadline, or started too often without ending, end as dead instead.
     */
    List<TaskLease> lease(LeaseRequest request, RoundRobin turn);

    /** Leases this task, if it is scheduled or ready. */
    Optional<TaskLease> lease(LeaseRequest request, TaskId id);

    /**
     * Round-robin position among the cubes.
     *
     * @param limit tasks at the most
     * @param busy cubes that run a task of the lane already
     * @param after the cube that was served last, if any; those behind it come first
     */
    record RoundRobin(int limit, Set<CubeKey> busy, Optional<CubeKey> after) {
        public RoundRobin {
            busy = Set.copyOf(busy);
        }
    }

    /** Extends leases; returns those that are lost. */
    List<TaskLease> extend(Collection<TaskLease> leases, Instant until);

    /** Records the progress of a task. */
    void recordProgress(TaskLease lease, long done, long total);

    /** Ends a task. */
    void end(TaskLease lease, TaskState state, String note, Instant now);

    /**
     * Returns a task to the queue. With no attempts counted, a waiting task of the same cube, kind and subject takes
     * over, and this one ends as done.
     *
     * @param attempts how many attempts count from now on
     */
    void postpone(TaskLease lease, Instant due, int attempts, String note, Instant now);

    /** Cancels a task; returns false if it has ended already or is unknown. */
    boolean cancel(TaskId id, Instant now);

    /**
     * Makes an ended task ready again without attempts; it joins a waiting one of the same cube, kind and subject.
     * Returns the id that runs.
     */
    TaskId replay(TaskId id, Instant now);

    void pause(CubeKey cube);

    void resume(CubeKey cube);

    void pauseAll();

    void resumeAll();

    /**
     * Corrects the tasks that were last changed after an instant in the future: a clock that was wrong for a while has
     * dated them. Scheduled ones become ready, since their due time is as wrong.
     *
     * @return the number of tasks that became ready
     */
    int correctFuture(Instant future, Instant now);

    /** Deletes tasks of these kinds that ended in one of these states before then. */
    int deleteEnded(Set<TaskKind> kinds, Set<TaskState> states, Instant before);
}
