package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that decides how an activated item ages.
 *
 * @param ordinal its place in the order of insertion
 * @param claims whether it holds the value of an attribute, or makes a standing statement
 * @param use empty if it was never used
 */
public record AgingItem(
        ItemId item,
        long ordinal,
        ItemType type,
        Instant occurredAt,
        Instant recordedAt,
        boolean claims,
        Optional<UsageRecord> use) {}
