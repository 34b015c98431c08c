package io.memos4j.core.tasks;

/** Runs the tasks of one kind. Thread-safe: called for many cubes at once, but for each cube one at a time. */
public interface TaskHandler {
    /**
     * Runs a task. All changes go through {@link TaskRun#commit} or the effect of the outcome, so that they count only
     * while the lease holds. After a crash between two commits a task runs again: each step must leave a state from
     * which the next run can continue.
     *
     * @throws io.memos4j.api.MemoryException if it fails. It is retried later if the error is retryable, until its last
     *     attempt
     */
    TaskOutcome run(TaskRun run);
}
