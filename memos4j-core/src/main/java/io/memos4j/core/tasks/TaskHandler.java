package io.memos4j.core.tasks;

/** What a kind of task does. Thread-safe; runs for many cubes at once, for one cube once at a time. */
public interface TaskHandler {
    /**
     * Works on a task. Whatever it changes goes through {@link TaskRun#commit} or the outcome's effect, so that it
     * counts only while the lease holds. A run may be repeated after a crash between two commits: each step must leave
     * a state from which the next run goes on.
     *
     * @throws io.memos4j.api.MemoryException if it fails; it is tried again later, and given up after its last try. An
     *     error that is not retryable is given up at once
     */
    TaskOutcome run(TaskRun run);
}
