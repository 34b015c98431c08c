package io.memos4j.api.transfer;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import java.util.List;

/**
 * Report of a merge of one cube into another, or of its dry run.
 *
 * @param copied the items that the other cube has now, under the same ids
 * @param duplicates the items that it had already
 * @param conflicts where what was copied contradicted what was there
 */
public record MergeReport(
        CubeId from, CubeId to, List<ItemId> copied, List<Duplicate> duplicates, List<TransferConflict> conflicts) {
    public MergeReport {
        copied = List.copyOf(copied);
        duplicates = List.copyOf(duplicates);
        conflicts = List.copyOf(conflicts);
    }

    /**
     * An item that was not copied.
     *
     * @param item the one of the cube that was copied from
     * @param present what the other cube had: the same item, or an item of the same input
     * @param same whether both read the same; if not, one was changed, and each stays as it is
     */
    public record Duplicate(ItemId item, ItemId present, boolean same) {}
}
