package io.memos4j.spi;

import io.memos4j.api.ItemId;
import io.memos4j.spi.items.StoredItem;

/**
 * The value that an item gives an attribute.
 *
 * @param value as in {@link StoredItem.Claim#value}
 */
public record ClaimedValue(ItemId item, String value) {}
