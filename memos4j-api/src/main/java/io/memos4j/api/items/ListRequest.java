package io.memos4j.api.items;

import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;

/**
 * A page of items.
 *
 * @param filter which items; unlike a search, a list shows every state unless the filter says otherwise
 * @param sort in which order
 * @param limit items a page, 1 to {@value #MAX_LIMIT}
 * @param cursor where to continue, from {@link Page#next()}; empty for the first page
 */
public record ListRequest(Filter filter, Sort sort, int limit, String cursor) {
    public static final int MAX_LIMIT = 1_000;

    /** The orders of a list; ties are broken by order of insertion. */
    public enum Sort {
        /** By time of occurrence, oldest first. */
        OLDEST,
        /** By time of occurrence, newest first. */
        NEWEST,
        /** By order of insertion, first one first. */
        INSERTED,
        /** Last changed first. */
        UPDATED
    }

    public ListRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + MAX_LIMIT + " items, asked for " + limit + ".");
        }
    }

    /** The first hundred items in order of insertion. */
    public static ListRequest first() {
        return new ListRequest(Filter.ALL, Sort.INSERTED, 100, "");
    }

    public ListRequest where(Filter newFilter) {
        return new ListRequest(newFilter, sort, limit, cursor);
    }

    public ListRequest sortedBy(Sort newSort) {
        return new ListRequest(filter, newSort, limit, cursor);
    }

    public ListRequest limit(int newLimit) {
        return new ListRequest(filter, sort, newLimit, cursor);
    }

    public ListRequest after(String newCursor) {
        return new ListRequest(filter, sort, limit, newCursor);
    }
}
