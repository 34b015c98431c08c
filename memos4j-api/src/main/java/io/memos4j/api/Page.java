package io.memos4j.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    /**
     * The page of a listing that was asked for one more than fits.
     *
     * @param found at most {@code limit} and one
     * @param cursor of an element, after which the next page starts
     */
    public static <T> Page<T> cut(List<T> found, int limit, Function<T, String> cursor) {
        List<T> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new Page<>(shown, found.size() > limit ? Optional.of(cursor.apply(shown.getLast())) : Optional.empty());
    }
}
