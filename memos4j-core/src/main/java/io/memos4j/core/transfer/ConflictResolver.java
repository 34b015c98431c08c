package io.memos4j.core.transfer;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.core.history.Supersession;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.transfer.ClaimConflict;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Resolves contradictions between items of a source and a target cube: the later statement holds, and at equal times
 * the one in the target. A statement that has lost is not compared again.
 */
final class ConflictResolver {
    private ConflictResolver() {}

    /**
     * Finds what these items contradict; to be called before they are copied.
     *
     * @param settled items that lost in earlier batches
     */
    static List<TransferConflict> find(
            VaultReader reader, TransferRoute route, Collection<ItemId> items, Set<ItemId> settled) {
        CubeKey from = route.from().key();
        CubeKey to = route.to().key();
        List<ClaimConflict> disputes = reader.transfers().findConflicts(from, to, items);
        Map<ItemId, MemoryItem> incoming = items(reader, from, disputes.stream().map(ClaimConflict::incoming));
        Map<ItemId, MemoryItem> present = items(reader, to, disputes.stream().map(ClaimConflict::present));
        Set<ItemId> lost = new HashSet<>(settled);
        List<TransferConflict> conflicts = new ArrayList<>();
        for (ClaimConflict dispute : disputes) {
            MemoryItem came = incoming.get(dispute.incoming());
            MemoryItem was = present.get(dispute.present());
            if (came != null && was != null && !lost.contains(came.id()) && !lost.contains(was.id())) {
                boolean later = came.times().occurredAt().isAfter(was.times().occurredAt());
                TransferConflict conflict = new TransferConflict(came, was, later);
                conflicts.add(conflict);
                lost.add(conflict.archived().id());
            }
        }
        return conflicts;
    }

    private static Map<ItemId, MemoryItem> items(VaultReader reader, CubeKey cube, Stream<ItemId> ids) {
        Map<ItemId, MemoryItem> items = new HashMap<>();
        reader.items(cube, ids.distinct().toList()).forEach(item -> items.put(item.id(), item));
        return items;
    }

    /** Supersedes the losing items in the target cube, where both are now. */
    static void resolve(
            VaultWriter writer, TransferRoute route, Supersession supersession, List<TransferConflict> conflicts) {
        for (TransferConflict conflict : conflicts) {
            MemoryItem holding = conflict.current();
            SupersessionRecord succession = new SupersessionRecord(
                    conflict.archived().id(),
                    holding.id(),
                    "another value came from cube '" + route.from().id() + "'",
                    holding.times().occurredAt());
            writer.findItem(route.to().key(), conflict.archived().id())
                    .ifPresent(former -> supersession.retire(
                            writer, route.to().key(), former, succession, Supersession.SAME_ATTRIBUTE));
        }
    }
}
