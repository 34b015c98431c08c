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
 * How far the work is that follows from what a client added under an id of its choice. The id is kept as metadata of
 * what was added, and the work is that of the vault's queue: nothing is remembered here, so that an answer is the same
 * after a restart.
 */
public enum AddProgress {
    WAITING,
    RUNNING,
    COMPLETED,
    FAILED;

    /** The key of metadata that keeps the id. */
    public static final String KEY = "task_id";

    /** An id is looked for in so many cubes. */
    private static final int MOST_CUBES = 1_000;

    /**
     * Of what was added under this id; empty if nothing was.
     *
     * @param likely names of cubes that are looked at first
     */
    public static Optional<AddProgress> find(HttpExchange exchange, String id, List<String> likely) {
        Filter added = Filter.metadata(KEY, id);
        MemScheduler scheduler = exchange.memos().scheduler();
        Stream<MemCube> first =
                likely.stream().flatMap(name -> MemoryLookup.findCube(exchange, name, Permission.READ).stream());
        Stream<MemCube> others =
                Stream.of(exchange).flatMap(each -> MemoryLookup.readableCubes(each, MOST_CUBES).stream());
        return Stream.concat(first, others)
                .flatMap(cube -> latest(cube, added).map(item -> find(scheduler, cube, item)).stream())
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

    private static AddProgress find(MemScheduler scheduler, MemCube cube, MemoryItem item) {
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

    /** As MemOS says it. */
    public String memosStatus() {
        return switch (this) {
            case WAITING -> "waiting";
            case RUNNING -> "in_progress";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
        };
    }

    /** As mem0 says it. */
    public String mem0Status() {
        return switch (this) {
            case WAITING -> "PENDING";
            case RUNNING -> "RUNNING";
            case COMPLETED -> "SUCCEEDED";
            case FAILED -> "FAILED";
        };
    }
}
