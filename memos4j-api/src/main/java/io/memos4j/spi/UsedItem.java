package io.memos4j.spi;

import io.memos4j.api.ItemId;
import io.memos4j.spi.retention.UsageRecord;

/** An item with the record of its use. */
public record UsedItem(ItemId item, UsageRecord use) {}
