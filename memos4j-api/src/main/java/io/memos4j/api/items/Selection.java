package io.memos4j.api.items;

import io.memos4j.api.ItemId;

/** Selection of the items to delete. */
public sealed interface Selection {
    record Item(ItemId id) implements Selection {}

    record Session(String session) implements Selection {}

    /** Everything made from a document or an external source. */
    record Source(String id) implements Selection {}

    record Matching(Filter filter) implements Selection {}

    static Selection item(ItemId id) {
        return new Item(id);
    }

    static Selection session(String session) {
        return new Session(session);
    }

    static Selection source(String id) {
        return new Source(id);
    }

    static Selection matching(Filter filter) {
        return new Matching(filter);
    }
}
