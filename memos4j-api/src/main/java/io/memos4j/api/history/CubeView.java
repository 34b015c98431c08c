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
 * What a cube knew at an instant, to look at. Thread-safe; holds no data, and what is erased from the cube is gone from
 * it too.
 */
public interface CubeView {
    /** The instant. */
    Instant recordedAt();

    /** The item as it was; empty if it was not there yet. */
    Optional<MemoryItem> get(ItemId id);

    /** A page of items as they were; the filter reads them as they were. */
    Page<MemoryItem> list(ListRequest request);

    /**
     * Searches what was known. Items whose text has changed since are found by their words alone; of very many such
     * items the last changed ten thousand are looked at, and the warning {@code past_cut} says so. "Now" in the
     * question is this view's instant, unless the request says otherwise.
     */
    SearchResult search(SearchRequest request);

    default SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }
}
