package io.memos4j.api.adapters;

import io.memos4j.internal.EnumNames;

/** State of an adapter version. The {@link #id()} is stored on disk: append only. */
public enum AdapterState {
    /** Trained, and not yet evaluated or not passed: {@link Adapter#evaluation} says which. Never used. */
    CANDIDATE,
    /** Passed its evaluation; not in use. */
    ADMITTED,
    /** In use: the router may apply it. Of each name one version at a time. */
    ACTIVE,
    /** Taken out of use because a memory that it was taught was corrected or erased. Never used again. */
    SUSPENDED,
    /** Taken out of use by its owner or by a later version. */
    RETIRED;

    /** The stored and wire name, for example {@code active}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The state with this name, in any case. */
    public static AdapterState parse(String text) {
        return EnumNames.parse(AdapterState.class, "state of an adapter", text);
    }
}
