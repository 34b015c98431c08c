package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.util.Optional;

/**
 * Query of the audit log, newest first.
 *
 * @param principal made by this one only
 * @param cube about this one only, as the engine names it
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor from the page before; empty for the first
 */
public record AuditQuery(Optional<String> principal, Optional<CubeId> cube, int limit, String cursor) {
    public static final int MAX_LIMIT = 1_000;

    /** The newest hundred. */
    public static final AuditQuery ALL = new AuditQuery(Optional.empty(), Optional.empty(), 100, "");

    public AuditQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + MAX_LIMIT + " entries, asked for " + limit + ".");
        }
    }

    public AuditQuery by(String newPrincipal) {
        return new AuditQuery(Optional.of(newPrincipal), cube, limit, cursor);
    }

    public AuditQuery about(CubeId newCube) {
        return new AuditQuery(principal, Optional.of(newCube), limit, cursor);
    }

    public AuditQuery limit(int newLimit) {
        return new AuditQuery(principal, cube, newLimit, cursor);
    }

    public AuditQuery after(String newCursor) {
        return new AuditQuery(principal, cube, limit, newCursor);
    }
}
