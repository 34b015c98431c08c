package io.memos4j.api.items;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;

/**
 * Source of an item.
 *
 * @param kind what {@code id} names
 * @param id an item id, a document's source id, or a caller's own reference
 * @param start first UTF-16 unit of the source text that the item covers, 0 if the whole
 * @param end one past the last unit, 0 if the whole
 */
public record SourceReference(Kind kind, String id, int start, int end) {
    /** Kind of a source. The names are stored: append only. */
    public enum Kind {
        ITEM,
        DOCUMENT,
        EXTERNAL
    }

    public SourceReference {
        if (id.isEmpty()) {
            throw MemoryException.invalid("A source reference needs an id.");
        }
        if (start < 0 || end < start) {
            throw MemoryException.invalid("Source range " + start + ".." + end + " is not a range.");
        }
    }

    public static SourceReference item(ItemId id) {
        return new SourceReference(Kind.ITEM, id.toString(), 0, 0);
    }

    public static SourceReference external(String id) {
        return new SourceReference(Kind.EXTERNAL, id, 0, 0);
    }
}
