package io.memos4j.spi.transfer;

import io.memos4j.api.ItemId;
import java.util.Optional;

/**
 * An item of one cube and its counterpart in another cube.
 *
 * @param item the item
 * @param ordinal its place in the order of insertion
 * @param counterpart the item of the other cube with the same id, else the first with the same fingerprint that came
 *     there on its own
 * @param same whether both read the same now; false without a twin
 */
public record ItemCounterpart(ItemId item, long ordinal, Optional<ItemId> counterpart, boolean same) {}
