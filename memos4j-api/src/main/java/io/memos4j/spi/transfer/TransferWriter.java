package io.memos4j.spi.transfer;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Collection;

/** Copies items from one cube to another. Works inside the transaction of its {@link VaultWriter}. */
public interface TransferWriter extends TransferReader {
    /**
     * Copies items under their own ids: every version, sources, passages, claims, ratings, usage, and supersessions and
     * relations whose other end is there, too. Sources with a counterpart in the other cube name the counterpart.
     * Vectors are copied if both cubes have the same embedder; otherwise they are pending. The copies become the last
     * insertions of the other cube, in their order. Ids that the other cube has already, or that this one lacks, are
     * skipped.
     *
     * @return the last place in the other cube's order of insertion
     */
    long copy(CubeKey from, CubeKey to, Collection<ItemId> items);

    /** Attributes the words of the owner in all versions of these items to a principal. */
    void attribute(CubeKey cube, Collection<ItemId> items, String principal);

    /**
     * Replaces the item sources of these items that are not in the cube by external references: {@code prefix} and the
     * id.
     */
    void externalizeSources(CubeKey cube, Collection<ItemId> items, String prefix);
}
