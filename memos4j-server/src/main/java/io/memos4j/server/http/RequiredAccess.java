package io.memos4j.server.http;

import io.memos4j.api.access.Permission;

/** What a caller must hold for a route, before its body is looked at. */
public enum RequiredAccess {
    /** Nothing: health, and the files of the console, which hold no data. */
    PUBLIC,
    /** A key that allows reading; of the route's cube, if it names one. */
    READ,
    /** A key that allows writing. */
    WRITE,
    /** A key without a limit to its scope, and full power over the cube. */
    ADMIN,
    /** The unlimited key of an administrator. */
    ADMINISTRATOR;

    /** What the key's scope and, where the route names a cube, the permission on it must include. */
    Permission permission() {
        return switch (this) {
            case PUBLIC, READ -> Permission.READ;
            case WRITE -> Permission.WRITE;
            case ADMIN, ADMINISTRATOR -> Permission.ADMIN;
        };
    }

    /** Whether such a call may change something, and so is written to the audit. */
    boolean changes() {
        return switch (this) {
            case PUBLIC, READ -> false;
            case WRITE, ADMIN, ADMINISTRATOR -> true;
        };
    }
}
