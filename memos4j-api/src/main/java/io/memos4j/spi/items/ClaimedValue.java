package io.memos4j.spi.items;

import io.memos4j.api.ItemId;

/**
 * The value that an item gives an attribute.
 *
 * @param value as in {@link StoredItem.Claim#value}
 */
public record ClaimedValue(ItemId item, String value) {}
