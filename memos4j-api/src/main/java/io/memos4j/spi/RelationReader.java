package io.memos4j.spi;

import io.memos4j.api.ItemId;
import java.util.List;

/** Which items belong together, to look at. Valid like the {@link VaultReader} that it belongs to. */
public interface RelationReader {
    /** The relations of an item, strongest first, at most {@code limit}. */
    List<Relation> of(CubeKey cube, ItemId item, int limit);
}
