package io.memos4j.api.history;

import io.memos4j.internal.EnumNames;

/** Kind of a change of an item. */
public enum ChangeKind {
    /** Its text, title, tags, metadata or times were changed. */
    EDITED,
    /** A correction took its place. */
    CORRECTED,
    /** Another memory took its place. */
    SUPERSEDED,
    /** It was merged into another that says the same. */
    MERGED,
    /** It left recall, without a successor. */
    ARCHIVED,
    /** It was archived because it was not used. */
    DECAYED,
    /** Its time to live ended. */
    EXPIRED,
    /** It was asked to be forgotten: it is withheld, and erased when its grace period ends. */
    FORGOTTEN,
    /** It came back into recall. */
    REINSTATED,
    /** It was locked. */
    FROZEN,
    /** It was unlocked. */
    UNFROZEN,
    /** Another change was undone. */
    UNDONE;

    /** The wire name, for example {@code superseded}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The kind with this name, in any case. */
    public static ChangeKind parse(String text) {
        return EnumNames.parse(ChangeKind.class, "kind of change", text);
    }
}
