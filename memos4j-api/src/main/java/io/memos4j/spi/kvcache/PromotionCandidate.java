package io.memos4j.spi.kvcache;

import io.memos4j.api.items.MemoryItem;
import java.time.Instant;

/**
 * A memory that is used often and has not changed for long.
 *
 * @param uses how often it was used
 * @param heat how often lately, in the unit of the cube's policy
 * @param share of the times that the cube was asked lately, in how many this was used; 0 to 1
 * @param stableSince when its current version was made
 */
public record PromotionCandidate(MemoryItem item, long uses, double heat, double share, Instant stableSince) {}
