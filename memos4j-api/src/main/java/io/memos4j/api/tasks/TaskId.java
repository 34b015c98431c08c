package io.memos4j.api.tasks;

import io.memos4j.api.MemoryException;
import java.util.UUID;

/** The identity of a task, unique over all cubes. Ids made by the engine are UUID version 7. */
public record TaskId(UUID value) {
    /** Reads the canonical text form; refuses anything else. */
    public static TaskId parse(String text) {
        try {
            if (text.length() == 36) {
                return new TaskId(UUID.fromString(text));
            }
        } catch (IllegalArgumentException e) {
            // Fall through to the one refusal below.
        }
        throw MemoryException.invalid(
                "'" + text + "' is not a task id. An id looks like 01890a5d-ac96-774b-bcce-b302099a8057.");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
