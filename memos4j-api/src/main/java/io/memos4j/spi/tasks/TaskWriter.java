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
 * The queue of background tasks. Works inside the transaction of its {@link VaultWriter}, so that a task is asked for
 * with its cause, and ends with its effect.
 *
 * <p>What takes a {@link TaskLease} fails with {@link io.memos4j.api.ErrorCode#LEASE_LOST} if it is not the task's last
 * one or the task does not run any more, and thus takes everything of its transaction back.
 */
public interface TaskWriter extends TaskReader {
    /**
     * Asks for a task. A waiting one of the same cube, kind and subject is joined: it is due at the earlier time, with
     * the higher priority.
     *
     * @param fresh the id of the task if it is a new one
     * @return the id of the new or the joined task
     */
    TaskId enqueue(CubeKey cube, TaskRequest request, TaskId fresh, Instant now);

    /** Makes scheduled tasks ready whose time has come. */
    int releaseDue(Instant now);

    /** Makes these tasks ready as far as they are scheduled. */
    int expedite(Collection<TaskId> ids, Instant now);

    /**
     * Makes running tasks ready again whose lease has ended.
     *
     * @param owner only those of other owners if not empty, whether their leases have ended or not: what a former
     *     process left behind
     */
    int reclaim(String owner, Instant now);

    /**
     * Leases ready tasks of cubes that are neither busy nor paused: of each cube one, the first by priority and order
     * of asking. Tasks that are past their deadline, or were begun too often and never ended, end as dead instead.
     */
    List<TaskLease> lease(LeaseRequest request, RoundRobin turn);

    /** Leases this task, if it is scheduled or ready. */
    Optional<TaskLease> lease(LeaseRequest request, TaskId id);

    /**
     * Whose turn it is.
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

    /** Lets leases last longer; returns those that are lost. */
    List<TaskLease> extend(Collection<TaskLease> leases, Instant until);

    /** Records how far a task has come. */
    void recordProgress(TaskLease lease, long done, long total);

    /** Ends a task. */
    void end(TaskLease lease, TaskState state, String note, Instant now);

    /**
     * Puts a task back to run again. With no attempts counted, a waiting one of the same cube, kind and subject does
     * the rest instead, and this one ends as done.
     *
     * @param attempts how many attempts count from now on
     */
    void postpone(TaskLease lease, Instant due, int attempts, String note, Instant now);

    /** Takes a task back; false if it has ended already or is unknown. */
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

    /** Forgets tasks of these kinds that ended in one of these states before then. */
    int deleteEnded(Set<TaskKind> kinds, Set<TaskState> states, Instant before);
}
