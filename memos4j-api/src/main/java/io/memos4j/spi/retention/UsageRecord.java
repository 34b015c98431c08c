package io.memos4j.spi.retention;

import java.time.Instant;

/**
 * The use of an item, as it is stored.
 *
 * @param uses how often it was used
 * @param heat what it was when last used
 * @param usedAt when last used
 */
public record UsageRecord(long uses, double heat, Instant usedAt) {}
