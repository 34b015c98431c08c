package io.memos4j.spi.items;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.RelatedItem;

/**
 * Two items of a cube that belong together. It has no direction: which of the two stands first means nothing.
 *
 * @param item the one
 * @param other the other
 * @param kind how they belong together: {@link RelatedItem.Kind#MEANING} or {@link RelatedItem.Kind#NAME}; the other
 *     kinds are kept elsewhere
 * @param weight how strongly, above 0 up to 1
 */
public record ItemRelation(ItemId item, ItemId other, RelatedItem.Kind kind, double weight) {
    public ItemRelation {
        if (item.equals(other)) {
            throw MemoryException.invalid("Item " + item + " cannot be related to itself.");
        }
        if (!(weight > 0 && weight <= 1)) {
            throw MemoryException.invalid("The weight of a relation is above 0 up to 1, not " + weight + ".");
        }
    }

    /** The item that is not this one. */
    public ItemId otherThan(ItemId one) {
        return one.equals(item) ? other : item;
    }
}
