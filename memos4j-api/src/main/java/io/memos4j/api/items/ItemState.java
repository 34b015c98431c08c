package io.memos4j.api.items;

import io.memos4j.internal.EnumNames;

/** Lifecycle state of an item. Only {@link #ACTIVATED} and {@link #FROZEN} items are found by a plain search. */
public enum ItemState {
    /** Made, but not yet part of recall. */
    GENERATED,
    /** Part of recall. */
    ACTIVATED,
    /** Absorbed by another item. */
    MERGED,
    /** Kept, not recalled unless asked for. */
    ARCHIVED,
    /** Past its time to live. */
    EXPIRED,
    /**
     * Asked to be forgotten: withheld from every search, listing and prompt, and erased when its time to live ends,
     * unless that is undone before.
     */
    FORGOTTEN,
    /** Part of recall and locked against change. */
    FROZEN;

    /** Returns true if a plain search can return an item in this state. */
    public boolean isRecalled() {
        return this == ACTIVATED || this == FROZEN;
    }

    /** The stored and wire name, for example {@code activated}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The state with this name, in any case. */
    public static ItemState parse(String text) {
        return EnumNames.parse(ItemState.class, "state", text);
    }
}
