package io.memos4j.api.privacy;

import io.memos4j.internal.EnumNames;

/** The label of a memory, from the least to the most sensitive. The names are stored: append only. */
public enum Sensitivity {
    /** For everybody. */
    PUBLIC,
    /** For everybody who may read the cube; the label of what has no other. */
    INTERNAL,
    /** For the owner of the cube and for principals that administer it: personal data. */
    PRIVATE,
    /** For the owner alone, and not for language models: passwords, keys, card numbers. */
    SECRET;

    /** The stored and wire name, for example {@code private}. */
    public String id() {
        return EnumNames.id(this);
    }

    /**
     * The label with this name, in any case.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is none
     */
    public static Sensitivity parse(String text) {
        return EnumNames.parse(Sensitivity.class, "sensitivity", text);
    }

    public boolean isAbove(Sensitivity other) {
        return compareTo(other) > 0;
    }

    /** The more sensitive of the two. */
    public Sensitivity max(Sensitivity other) {
        return isAbove(other) ? this : other;
    }

    /** The less sensitive of the two. */
    public Sensitivity min(Sensitivity other) {
        return isAbove(other) ? other : this;
    }
}
