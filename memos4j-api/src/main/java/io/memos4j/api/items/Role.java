package io.memos4j.api.items;

import io.memos4j.internal.EnumNames;

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
        return EnumNames.id(this);
    }

    /** The role with this wire name, in any case. */
    public static Role parse(String text) {
        return EnumNames.parse(Role.class, "role", text);
    }
}
