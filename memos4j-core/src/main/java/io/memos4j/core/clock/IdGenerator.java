package io.memos4j.core.clock;

import com.github.f4b6a3.uuid.UuidCreator;
import io.memos4j.api.ItemId;
import io.memos4j.api.tasks.TaskId;
import java.util.UUID;

/** Generates ids of items and tasks, each of them once. Thread-safe. */
@FunctionalInterface
public interface IdGenerator {
    /** Returns an id that was not returned before. */
    UUID next();

    /** Generates UUIDs of version 7, which sort by the time at which they were made. */
    static IdGenerator timeOrdered() {
        return UuidCreator::getTimeOrderedEpoch;
    }

    /** Returns the id of a new item. */
    default ItemId nextItemId() {
        return new ItemId(next());
    }

    /** Returns the id of a new task. */
    default TaskId nextTaskId() {
        return new TaskId(next());
    }
}
