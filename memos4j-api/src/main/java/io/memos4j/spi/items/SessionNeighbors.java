package io.memos4j.spi.items;

import io.memos4j.api.ItemId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The items that were inserted directly before and after an item in its session. */
public record SessionNeighbors(Optional<ItemId> before, Optional<ItemId> after) {
    public static final SessionNeighbors NONE = new SessionNeighbors(Optional.empty(), Optional.empty());

    /** Both, as far as they exist, in order. */
    public List<ItemId> all() {
        return Stream.of(before, after).flatMap(Optional::stream).toList();
    }
}
