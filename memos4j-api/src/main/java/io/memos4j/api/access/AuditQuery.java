package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.time.Instant;
import java.util.Optional;

/**
 * Query of the audit log, newest first.
 *
 * @param filter the entries
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor from the page before; empty for the first
 */
public record AuditQuery(AuditFilter filter, int limit, String cursor) {
    public static final int MAX_LIMIT = 1_000;

    /** The newest hundred. */
    public static final AuditQuery ALL = new AuditQuery(AuditFilter.ALL, 100, "");

    public AuditQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + MAX_LIMIT + " entries, asked for " + limit + ".");
        }
    }

    /**
     * Conditions that all hold.
     *
     * @param principal made by this one only
     * @param cube about this one only, as the engine names it
     * @param action with this one only
     * @param since at this instant or later
     * @param until before this instant
     */
    public record AuditFilter(
            Optional<String> principal,
            Optional<CubeId> cube,
            Optional<String> action,
            Optional<Instant> since,
            Optional<Instant> until) {
        /** No condition. */
        public static final AuditFilter ALL = new AuditFilter(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** Returns whether an entry meets every condition. */
        public boolean matches(AuditEntry entry) {
            return principal.map(entry.principal()::equals).orElse(true)
                    && cube.map(each -> each.value().equals(entry.cube())).orElse(true)
                    && action.map(entry.action()::equals).orElse(true)
                    && since.map(from -> !entry.at().isBefore(from)).orElse(true)
                    && until.map(entry.at()::isBefore).orElse(true);
        }
    }

    public AuditQuery where(AuditFilter newFilter) {
        return new AuditQuery(newFilter, limit, cursor);
    }

    public AuditQuery by(String principal) {
        return where(new AuditFilter(Optional.of(principal), filter.cube, filter.action, filter.since, filter.until));
    }

    public AuditQuery about(CubeId cube) {
        return where(new AuditFilter(filter.principal, Optional.of(cube), filter.action, filter.since, filter.until));
    }

    public AuditQuery limit(int newLimit) {
        return new AuditQuery(filter, newLimit, cursor);
    }

    public AuditQuery after(String newCursor) {
        return new AuditQuery(filter, limit, newCursor);
    }
}
