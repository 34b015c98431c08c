package io.memos4j.server.facade;

import io.memos4j.api.MemCube;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.server.http.HttpExchange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The progress of the background work on what a client added under a task id. The id is stored as metadata of the added
 * memories and the work is that of the task queue, so the answer is the same after a restart.
 */
public enum AddProgress {
    WAITING,
    RUNNING,
    COMPLETED,
    FAILED;

    /** The metadata key of the task id. */
    public static final String KEY = "task_id";

    /** The number of cubes in which an id is looked up. */
    private static final int MOST_CUBES = 1_000;

    /**
     * Finds the progress of what was added under an id; empty if nothing was.
     *
     * @param likely names of cubes to look in first
     */
    public static Optional<AddProgress> find(HttpExchange exchange, String id, List<String> likely) {
        Filter added = Filter.metadata(KEY, id);
        MemScheduler scheduler = exchange.memos().scheduler();
        Stream<MemCube> first =
                likely.stream().flatMap(name -> MemoryLookup.findCube(exchange, name, Permission.READ).stream());
        Stream<MemCube> others =
                Stream.of(exchange).flatMap(each -> MemoryLookup.readableCubes(each, MOST_CUBES).stream());
        return Stream.concat(first, others)
                .flatMap(cube -> latest(cube, added).map(item -> fromTasks(scheduler, cube, item)).stream())
                .findFirst();
    }

    private static Optional<MemoryItem> latest(MemCube cube, Filter added) {
        return cube
                .list(ListRequest.first()
                        .where(added)
                        .sortedBy(ListRequest.Sort.UPDATED)
                        .limit(1))
                .items()
                .stream()
                .findFirst();
    }

    private static AddProgress fromTasks(MemScheduler scheduler, MemCube cube, MemoryItem item) {
        Instant added = item.times().recordedAt();
        List<TaskState> states = scheduler
                .list(TaskQuery.ALL
                        .of(cube.id())
                        .kind(TaskKind.EMBED, TaskKind.EXTRACT)
                        .limit(TaskQuery.MAX_LIMIT))
                .stream()
                .filter(task -> !task.state().isTerminal() || !task.changedAt().isBefore(added))
                .map(Task::state)
                .toList();
        return ofStates(states);
    }

    private static AddProgress ofStates(List<TaskState> states) {
        if (states.contains(TaskState.RUNNING)) {
            return RUNNING;
        }
        if (states.contains(TaskState.READY) || states.contains(TaskState.SCHEDULED)) {
            return WAITING;
        }
        return states.contains(TaskState.DEAD) ? FAILED : COMPLETED;
    }

    /** Returns the status in MemOS's terms. */
    public String memosStatus() {
        return switch (this) {
            case WAITING -> "waiting";
            case RUNNING -> "in_progress";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
        };
    }

    /** Returns the status in mem0's terms. */
    public String mem0Status() {
        return switch (this) {
            case WAITING -> "PENDING";
            case RUNNING -> "RUNNING";
            case COMPLETED -> "SUCCEEDED";
            case FAILED -> "FAILED";
        };
    }
}
