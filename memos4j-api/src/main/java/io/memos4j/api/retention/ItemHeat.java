package io.memos4j.api.retention;

import java.time.Instant;

/**
 * Heat of an item: how much it is in use.
 *
 * @param value its heat now: 1 when it was stored, 1 more with each use, halved in each half-life; see
 *     {@link RetentionPolicy}
 * @param uses how often a search returned it or it was got by its id
 * @param usedAt when last; when it was stored, if it was never used
 */
public record ItemHeat(double value, long uses, Instant usedAt) {}
