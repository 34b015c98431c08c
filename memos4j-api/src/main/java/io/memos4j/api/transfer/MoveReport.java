package io.memos4j.api.transfer;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import java.util.List;

/**
 * Report of a move of items from one cube to another.
 *
 * @param selected the items that the selection named
 * @param derived items made from them, which went with them
 * @param conflicts where what came contradicted what was there
 */
public record MoveReport(
        CubeId from, CubeId to, List<ItemId> selected, List<ItemId> derived, List<TransferConflict> conflicts) {
    public MoveReport {
        selected = List.copyOf(selected);
        derived = List.copyOf(derived);
        conflicts = List.copyOf(conflicts);
    }

    public int count() {
        return selected.size() + derived.size();
    }
}
