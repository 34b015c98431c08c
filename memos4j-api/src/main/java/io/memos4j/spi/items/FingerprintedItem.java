package io.memos4j.spi.items;

import io.memos4j.api.ItemId;

/**
 * An item with the fingerprint of its content.
 *
 * @param fingerprint as in {@link StoredItem#fingerprint}
 */
public record FingerprintedItem(ItemId item, String fingerprint) {}
