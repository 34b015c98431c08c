package io.memos4j.api;

import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;

/**
 * The author of a change: of a version of an item, of a step in the history of an adapter, of a request for a task.
 * Each actor has one stored form, {@link #stored()}, which {@link #parse} reads back.
 */
public sealed interface Actor {
    /** The application that opened the engine, unless it names somebody else. Stored as {@code user}. */
    Actor USER = new User();

    /** The actor of a change whose author was not recorded. Stored as the empty text. */
    Actor UNKNOWN = new Unknown();

    /** Longest name of a caller, in UTF-16 units. */
    int MAX_LENGTH = 200;

    /** Returns the text that stands for this actor in the vault, on the wire and in exports. Append-only. */
    String stored();

    /** Returns whether a background task made the change, be it of a kind that this release does not know. */
    default boolean isTask() {
        return stored().startsWith(TaskRun.PREFIX);
    }

    /** The application itself. */
    record User() implements Actor {
        @Override
        public String stored() {
            return "user";
        }
    }

    /**
     * A caller whom the application named, for example {@code key:abc} for an API key.
     *
     * @param name stored as it is
     */
    record Caller(String name) implements Actor {
        @Override
        public String stored() {
            return name;
        }
    }

    /** A run of a background task. Stored as {@code task:<kind>:<id>}. */
    record TaskRun(TaskKind kind, TaskId task) implements Actor {
        private static final String PREFIX = "task:";

        @Override
        public String stored() {
            return prefix(kind) + task;
        }

        /** Returns the beginning of the stored form of all tasks of a kind. */
        public static String prefix(TaskKind kind) {
            return PREFIX + kind.id() + ":";
        }
    }

    /** Nobody that was recorded. */
    record Unknown() implements Actor {
        @Override
        public String stored() {
            return "";
        }
    }

    /** Returns the actor of a task's run. */
    static Actor of(Task task) {
        return new TaskRun(task.kind(), task.id());
    }

    /**
     * Checks and returns the actor of this name.
     *
     * @param name 1 to {@value #MAX_LENGTH} characters, not all blank, without control characters, not beginning with
     *     {@code task:}
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} otherwise
     */
    static Actor named(String name) {
        if (name.isBlank() || name.length() > MAX_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw MemoryException.invalid("An actor's name has 1 to " + MAX_LENGTH
                    + " characters, at least one of them not blank, and no control characters.");
        }
        if (name.startsWith(TaskRun.PREFIX)) {
            throw MemoryException.invalid("'" + name + "' cannot name an actor: names that begin with '"
                    + TaskRun.PREFIX + "' are reserved for background tasks.");
        }
        return parse(name);
    }

    /** Reads a stored form. A text of none of the known forms is the name of a caller. */
    static Actor parse(String stored) {
        if (stored.isEmpty()) {
            return UNKNOWN;
        }
        if (stored.equals(USER.stored())) {
            return USER;
        }
        int kind = TaskRun.PREFIX.length();
        int id = stored.startsWith(TaskRun.PREFIX) ? stored.indexOf(':', kind) : -1;
        if (id < 0) {
            return new Caller(stored);
        }
        try {
            return new TaskRun(TaskKind.parse(stored.substring(kind, id)), TaskId.parse(stored.substring(id + 1)));
        } catch (MemoryException e) {
            return new Caller(stored);
        }
    }
}
