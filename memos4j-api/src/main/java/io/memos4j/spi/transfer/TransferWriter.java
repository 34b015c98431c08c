package io.memos4j.spi.transfer;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Collection;

/** Brings items from one cube to another. Works inside the transaction of its {@link VaultWriter}. */
public interface TransferWriter extends TransferReader {
    /**
     * Copies items under their own ids: every version, sources, passages, claims, ratings, use and heat, and what they
     * have replaced or belong to as far as the other end is there too. Sources that have a twin in the other cube name
     * the twin. Vectors come along if both cubes record the same embedder, else they are pending. The copies are the
     * last insertions of the other cube, in the order that they had. What the other cube has already under its id, or
     * this one does not have, is passed over.
     *
     * @return the last place in the other cube's order of insertion
     */
    long copy(CubeKey from, CubeKey to, Collection<ItemId> items);

    /**
     * Makes external references of those item sources of these items that are not in the cube: {@code prefix} and the
     * id.
     */
    void externalizeSources(CubeKey cube, Collection<ItemId> items, String prefix);
}
