package io.memos4j.api.adapters;

import io.memos4j.api.MemoryException;
import java.util.Locale;

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
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state with this name, in any case. */
    public static AdapterState parse(String text) {
        for (AdapterState state : values()) {
            if (state.name().equalsIgnoreCase(text)) {
                return state;
            }
        }
        throw MemoryException.invalid("Unknown state of an adapter '" + text
                + "'. Use one of candidate, admitted, active, suspended, retired.");
    }
}
