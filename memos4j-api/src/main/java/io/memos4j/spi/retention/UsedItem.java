package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;

/** An item with the record of its use. */
public record UsedItem(ItemId item, UsageRecord use) {}
