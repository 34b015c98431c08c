package io.memos4j.api.items;

import io.memos4j.api.MemoryException;
import java.util.Locale;

/** Role of a speaker, as in chat APIs. */
public enum Role {
    USER,
    ASSISTANT,
    SYSTEM,
    TOOL,
    /** Not part of a dialogue: notes, documents, derived memories. */
    NONE;

    /** The wire name, for example {@code user}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this wire name, in any case. */
    public static Role parse(String text) {
        for (Role role : values()) {
            if (role.name().equalsIgnoreCase(text)) {
                return role;
            }
        }
        throw MemoryException.invalid("Unknown role '" + text + "'. Use user, assistant, system, tool or none.");
    }
}
