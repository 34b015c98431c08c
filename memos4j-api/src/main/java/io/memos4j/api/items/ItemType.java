package io.memos4j.api.items;

import io.memos4j.internal.EnumNames;

/** Type of a memory item. The {@link #id()} is stored on disk: append only. */
public enum ItemType {
    /** One verbatim turn of a dialogue. */
    MESSAGE,
    /** Plain text without a speaker. */
    NOTE,
    /** One structural chunk of a document. */
    DOCUMENT,
    FACT,
    EVENT,
    PREFERENCE,
    /** A standing instruction to the assistant. */
    INSTRUCTION,
    PROFILE,
    SUMMARY,
    SKILL,
    /** A tool's schema, call or result. */
    TOOL;

    /** Returns true if items of this type bear on every answer, whatever it is about. */
    public boolean isStanding() {
        return this == INSTRUCTION || this == PREFERENCE || this == PROFILE;
    }

    /** The stored and wire name, for example {@code message}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The type with this name, in any case. */
    public static ItemType parse(String text) {
        return EnumNames.parse(ItemType.class, "memory type", text);
    }
}
