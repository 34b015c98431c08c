package io.memos4j.api;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param items in the order asked for
 * @param next the cursor of the next page; empty on the last
 */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
