package io.memos4j.api.access;

import io.memos4j.internal.EnumNames;
import java.util.Arrays;
import java.util.Optional;

/** Permission to use a cube; each includes those before it. */
public enum Permission {
    /** Search, read, list. */
    READ,
    /** Add, change, forget memories. */
    WRITE,
    /** Delete the cube, roll it back, change its policy, share it. */
    ADMIN;

    /** The stable name, for example {@code read}. */
    public String id() {
        return EnumNames.id(this);
    }

    public static Optional<Permission> of(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst();
    }

    public boolean includes(Permission other) {
        return compareTo(other) >= 0;
    }

    /** The lesser of the two. */
    public Permission atMost(Permission limit) {
        return compareTo(limit) <= 0 ? this : limit;
    }
}
