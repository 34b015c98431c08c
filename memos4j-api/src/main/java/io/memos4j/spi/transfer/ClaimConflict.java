package io.memos4j.spi.transfer;

import io.memos4j.api.ItemId;

/**
 * Two activated items of two cubes that give one attribute different values.
 *
 * @param incoming the one of the cube that is copied from
 * @param present the one of the other cube, which came there on its own
 */
public record ClaimConflict(ItemId incoming, ItemId present) {}
