package io.memos4j.spi;

import io.memos4j.api.ItemId;

/**
 * A version of an item that something was computed from.
 *
 * @param cube key of the cube that has the item
 */
public record ActivationSource(CubeKey cube, ItemId item, int version) {}
