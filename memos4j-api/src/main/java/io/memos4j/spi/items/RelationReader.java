package io.memos4j.spi.items;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** Reads the relations between items. Valid like the {@link VaultReader} that it belongs to. */
public interface RelationReader {
    /** The relations of an item, strongest first, at most {@code limit}. */
    List<ItemRelation> of(CubeKey cube, ItemId item, int limit);
}
