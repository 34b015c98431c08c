package io.memos4j.spi.kvcache;

import io.memos4j.api.ItemId;
import java.time.Instant;

/**
 * An item that is placed at the start of every prompt of its cube.
 *
 * @param version what it was when it was promoted; with another one it is promoted no longer
 * @param why the decision, in a sentence
 * @param since when it was decided
 */
public record PromotedItem(ItemId item, int version, String why, Instant since) {}
