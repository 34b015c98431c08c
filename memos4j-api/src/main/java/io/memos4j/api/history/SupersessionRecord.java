package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import java.time.Instant;

/**
 * One memory that took the place of another. The former is archived and holds no longer; {@link MemCube#reinstate}
 * undoes it.
 *
 * @param former what no longer holds
 * @param successor what holds instead, or what asked for the end
 * @param reason why, for people
 * @param since from when, in the world
 */
public record SupersessionRecord(ItemId former, ItemId successor, String reason, Instant since) {}
