package io.memos4j.api.history;

import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import java.time.Instant;

/**
 * A page of differences.
 *
 * @param from the first instant
 * @param to the second; may be the earlier one
 * @param limit differences a page, 1 to {@value #MAX_LIMIT}
 * @param cursor where to continue, from {@link Page#next()}; empty for the first page
 */
public record DiffRequest(Instant from, Instant to, int limit, String cursor) {
    public static final int MAX_LIMIT = 1_000;

    public DiffRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + MAX_LIMIT + " differences, asked for " + limit + ".");
        }
    }

    /** The first hundred differences. */
    public static DiffRequest between(Instant from, Instant to) {
        return new DiffRequest(from, to, 100, "");
    }

    public DiffRequest limit(int newLimit) {
        return new DiffRequest(from, to, newLimit, cursor);
    }

    public DiffRequest after(String newCursor) {
        return new DiffRequest(from, to, limit, newCursor);
    }
}
