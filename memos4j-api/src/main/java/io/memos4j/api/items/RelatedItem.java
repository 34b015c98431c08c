package io.memos4j.api.items;

/**
 * An item that is related to another one.
 *
 * @param item the other item, in any state
 * @param kind how it belongs
 * @param weight how strongly, above 0 up to 1; comparable within one kind only, and 1 for what is certain
 */
public record RelatedItem(MemoryItem item, Kind kind, double weight) {
    /** Kind of a relation between items. The names are stored: append only. */
    public enum Kind {
        /** Says something alike. */
        MEANING,
        /** Speaks of the same rare name. */
        NAME,
        /** The other one is what this one was made from. */
        SOURCE,
        /** The other one was made from this one. */
        DERIVED,
        /** This one took the other's place. */
        FORMER,
        /** The other one took this one's place. */
        SUCCESSOR
    }
}
