package io.memos4j.api.tasks;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Query of tasks, newest first.
 *
 * @param cube of this cube; of all if absent
 * @param states in these states
 * @param kinds of these kinds
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 */
public record TaskQuery(Optional<CubeId> cube, Set<TaskState> states, Set<TaskKind> kinds, int limit) {
    public static final int MAX_LIMIT = 10_000;

    /** The last hundred tasks of all cubes. */
    public static final TaskQuery ALL =
            new TaskQuery(Optional.empty(), EnumSet.allOf(TaskState.class), EnumSet.allOf(TaskKind.class), 100);

    public TaskQuery {
        states = Set.copyOf(states);
        kinds = Set.copyOf(kinds);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A list of tasks has 1 to " + MAX_LIMIT + ", asked for " + limit + ".");
        }
    }

    public TaskQuery of(CubeId newCube) {
        return new TaskQuery(Optional.of(newCube), states, kinds, limit);
    }

    public TaskQuery in(TaskState first, TaskState... more) {
        return new TaskQuery(cube, EnumSet.of(first, more), kinds, limit);
    }

    public TaskQuery kind(TaskKind first, TaskKind... more) {
        return new TaskQuery(cube, states, EnumSet.of(first, more), limit);
    }

    public TaskQuery limit(int newLimit) {
        return new TaskQuery(cube, states, kinds, newLimit);
    }
}
