package io.memos4j.spi.transfer;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import java.util.Collection;
import java.util.List;

/** Compares the contents of two cubes. Not thread-safe; valid inside {@link Vault#read} or {@link Vault#write} only. */
public interface TransferReader {
    /**
     * Returns the next items of a cube after a place in the order of insertion, each with its counterpart in the other
     * cube.
     */
    List<ItemCounterpart> findCounterparts(CubeKey from, CubeKey to, long after, int limit);

    /** Returns the conflicts between the claims of these items and those of another cube, in order of insertion. */
    List<ClaimConflict> findConflicts(CubeKey from, CubeKey to, Collection<ItemId> items);
}
