package io.memos4j.server.http;

import io.memos4j.api.access.Permission;

/** The access that a route requires of its caller, checked before the body is read. */
public enum RequiredAccess {
    /** None: health, API description and console files, which contain no data. */
    PUBLIC,
    /** A key that may read, namely the route's cube if its path names one. */
    READ,
    /** A key that may write. */
    WRITE,
    /** A key with the scope {@code admin}, and full control over the cube. */
    ADMIN,
    /** An unrestricted key of an administrator. */
    ADMINISTRATOR;

    /** Returns what the key's scope and, if the path names a cube, the permission on it must include. */
    Permission permission() {
        return switch (this) {
            case PUBLIC, READ -> Permission.READ;
            case WRITE -> Permission.WRITE;
            case ADMIN, ADMINISTRATOR -> Permission.ADMIN;
        };
    }

    /** Returns whether such requests may change something and are therefore audited. */
    boolean changes() {
        return switch (this) {
            case PUBLIC, READ -> false;
            case WRITE, ADMIN, ADMINISTRATOR -> true;
        };
    }
}
