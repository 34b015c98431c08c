package io.memos4j.api.tasks;

import io.memos4j.internal.EnumNames;

/** State of a task. The {@link #id()} is stored on disk: append only. */
public enum TaskState {
    /** Waits for its time: it was asked for later, failed and will be tried again, or its budget is spent. */
    SCHEDULED,
    /** Waits for a worker. */
    READY,
    /** A worker holds its lease. */
    RUNNING,
    /** Finished; what it did is committed. */
    DONE,
    /** Failed too often or passed its deadline; its note says why. It can be replayed. */
    DEAD,
    /** Taken back before it finished; what it committed stays. */
    CANCELLED;

    /** Returns true if the task will not run again by itself. */
    public boolean isTerminal() {
        return this == DONE || this == DEAD || this == CANCELLED;
    }

    /** The stored and wire name, for example {@code scheduled}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The state with this name, in any case. */
    public static TaskState parse(String text) {
        return EnumNames.parse(TaskState.class, "task state", text);
    }
}
