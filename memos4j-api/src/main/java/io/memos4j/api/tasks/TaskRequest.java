package io.memos4j.api.tasks;

import io.memos4j.api.Actor;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.ParametricMemory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Request for a task. If a task of the same cube, kind and subject is waiting, the request joins it and makes it as
 * urgent as both.
 *
 * @param kind what to do
 * @param subject what it is about, up to {@value #MAX_SUBJECT} characters; empty if the whole cube
 * @param priority {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}, higher first; 0 is normal
 * @param due not before this; at once if absent
 * @param deadline after which it is not begun any more; none if absent
 * @param cause who or what asks
 */
public record TaskRequest(
        TaskKind kind, String subject, int priority, Optional<Instant> due, Optional<Instant> deadline, String cause) {
    public static final int MIN_PRIORITY = -100;
    public static final int MAX_PRIORITY = 100;
    public static final int MAX_SUBJECT = 1_000;

    /** The most memories that one task can teach by name. */
    public static final int MAX_TAUGHT = 27;

    public TaskRequest {
        if (priority < MIN_PRIORITY || priority > MAX_PRIORITY) {
            throw MemoryException.invalid(
                    "A task's priority is " + MIN_PRIORITY + " to " + MAX_PRIORITY + ", not " + priority + ".");
        }
        if (subject.length() > MAX_SUBJECT) {
            throw MemoryException.invalid("A task's subject has at most " + MAX_SUBJECT + " characters.");
        }
    }

    /** At once, about the whole cube, asked for by the user. */
    public static TaskRequest of(TaskKind kind) {
        return new TaskRequest(kind, "", 0, Optional.empty(), Optional.empty(), Actor.USER.stored());
    }

    /**
     * Creates a request for {@link ParametricMemory#train} in the background.
     *
     * @param items which memories, at most {@value #MAX_TAUGHT}; all that are hot and stable enough if empty
     */
    public static TaskRequest teaching(List<ItemId> items) {
        if (items.size() > MAX_TAUGHT) {
            throw MemoryException.invalid("A task teaches at most " + MAX_TAUGHT + " memories that are named, not "
                    + items.size() + ". Ask for several tasks, or name none.");
        }
        String named = items.stream().distinct().map(ItemId::toString).collect(Collectors.joining(" "));
        return of(TaskKind.TEACH).about(items.isEmpty() ? TaskKind.ALL : named);
    }

    public TaskRequest about(String newSubject) {
        return new TaskRequest(kind, newSubject, priority, due, deadline, cause);
    }

    public TaskRequest priority(int newPriority) {
        return new TaskRequest(kind, subject, newPriority, due, deadline, cause);
    }

    public TaskRequest dueAt(Instant newDue) {
        return new TaskRequest(kind, subject, priority, Optional.of(newDue), deadline, cause);
    }

    public TaskRequest before(Instant newDeadline) {
        return new TaskRequest(kind, subject, priority, due, Optional.of(newDeadline), cause);
    }

    public TaskRequest because(String newCause) {
        return new TaskRequest(kind, subject, priority, due, deadline, newCause);
    }
}
