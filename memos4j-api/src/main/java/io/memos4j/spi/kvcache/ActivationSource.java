package io.memos4j.spi.kvcache;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;

/**
 * A version of an item that something was computed from.
 *
 * @param cube key of the cube that has the item
 */
public record ActivationSource(CubeKey cube, ItemId item, int version) {}
