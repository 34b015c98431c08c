package io.memos4j.spi.index;

import io.memos4j.api.ItemId;
import java.util.List;

/**
 * The changes of a cube in a range of sequence numbers, compacted: each item once, as it is now.
 *
 * @param upserts items made or changed, in order of their last change
 * @param erased items that are gone; one that came back may be named here too, it is there
 * @param seq the sequence number that the batch leads up to
 * @param more whether there are later changes
 */
public record ChangeBatch(List<IndexedItem> upserts, List<ItemId> erased, long seq, boolean more) {
    public ChangeBatch {
        upserts = List.copyOf(upserts);
        erased = List.copyOf(erased);
    }
}
