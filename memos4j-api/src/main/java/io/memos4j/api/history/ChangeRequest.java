package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A page of changes, latest first.
 *
 * @param since only changes recorded at this instant or later
 * @param item only changes of this item
 * @param kinds only changes of these kinds; empty for all
 * @param limit changes a page, 1 to {@value #MAX_LIMIT}
 * @param cursor where to continue, from {@link Page#next()}; empty for the first page
 */
public record ChangeRequest(
        Optional<Instant> since, Optional<ItemId> item, Set<ChangeKind> kinds, int limit, String cursor) {
    public static final int MAX_LIMIT = 1_000;

    /** The last hundred changes. */
    public static final ChangeRequest LATEST = new ChangeRequest(Optional.empty(), Optional.empty(), Set.of(), 100, "");

    public ChangeRequest {
        kinds = Set.copyOf(kinds);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + MAX_LIMIT + " changes, asked for " + limit + ".");
        }
    }

    public ChangeRequest since(Instant newSince) {
        return new ChangeRequest(Optional.of(newSince), item, kinds, limit, cursor);
    }

    public ChangeRequest of(ItemId newItem) {
        return new ChangeRequest(since, Optional.of(newItem), kinds, limit, cursor);
    }

    public ChangeRequest kinds(Set<ChangeKind> newKinds) {
        return new ChangeRequest(since, item, newKinds, limit, cursor);
    }

    public ChangeRequest limit(int newLimit) {
        return new ChangeRequest(since, item, kinds, newLimit, cursor);
    }

    public ChangeRequest after(String newCursor) {
        return new ChangeRequest(since, item, kinds, limit, newCursor);
    }
}
