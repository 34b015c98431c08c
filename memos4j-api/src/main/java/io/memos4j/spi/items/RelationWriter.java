package io.memos4j.spi.items;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Collection;

/** Changes the relations between items. Works inside the transaction of its {@link VaultWriter}. */
public interface RelationWriter extends RelationReader {
    /**
     * Records that items belong together. One of the same two items and the same kind is replaced; one of an item that
     * the cube does not have (any more) is left out.
     */
    void relate(CubeKey cube, Collection<ItemRelation> relations);

    /** Forgets all relations of an item. */
    void unrelate(CubeKey cube, ItemId item);
}
