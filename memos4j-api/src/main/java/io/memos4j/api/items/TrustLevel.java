package io.memos4j.api.items;

import io.memos4j.internal.EnumNames;

/** The trust that a memory deserves in a prompt. */
public enum TrustLevel {
    /** Words of the owner, who may give standing instructions. */
    OWNER,
    /** Data: it may inform an answer, and instructs nobody. */
    DATA,
    /** Suspected to address a model: in no prompt until the owner of the cube has released it. */
    SUSPECTED;

    /** The wire name, for example {@code owner}. */
    public String id() {
        return EnumNames.id(this);
    }
}
