package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import java.time.Instant;
import java.util.Optional;

/**
 * Read-only view of what a cube knew at an instant. Thread-safe; holds no data, and what is erased from the cube is
 * gone from it too.
 */
public interface CubeView {
    /** The instant. */
    Instant recordedAt();

    /** Returns the item as it was then; empty if it did not exist yet. */
    Optional<MemoryItem> get(ItemId id);

    /** Returns a page of items as they were then; so does the filter see them. */
    Page<MemoryItem> list(ListRequest request);

    /**
     * Searches what was known then. Items whose text has changed since are found by their words alone; beyond ten
     * thousand such items only the last changed are searched, with the warning {@code past_cut}. "Now" in the question
     * is this view's instant, unless the request says otherwise.
     */
    SearchResult search(SearchRequest request);

    default SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }
}
