package io.memos4j.core.transfer;

import io.memos4j.api.ItemId;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MergeReport.Duplicate;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.core.history.Supersession;
import io.memos4j.spi.transfer.ItemCounterpart;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The progress of one merge through its batches. A batch decides and writes in its own transaction and is recorded only
 * after that has committed, because a transaction may be run again.
 */
final class CubeMerge {
    /** Items per transaction, so that other writers wait only milliseconds. */
    static final int BATCH_SIZE = 500;

    private final TransferRoute route;
    private final String author;
    private final ExtractionProgress reading;
    private final List<ItemId> copied = new ArrayList<>();
    private final List<Duplicate> duplicates = new ArrayList<>();
    private final List<TransferConflict> conflicts = new ArrayList<>();
    private final Set<ItemId> settled = new HashSet<>();
    private long last;

    /** @param author to whom the words of the owner of the source are attributed; empty if the target is theirs too */
    CubeMerge(TransferRoute route, String author, ExtractionProgress reading) {
        this.route = route;
        this.author = author;
        this.reading = reading;
    }

    /** A batch of items to merge. */
    record Batch(List<ItemCounterpart> twins, List<ItemId> fresh, List<TransferConflict> conflicts) {
        boolean isLast() {
            return twins.size() < BATCH_SIZE;
        }

        long end() {
            return twins.getLast().ordinal();
        }
    }

    Batch next(VaultReader reader) {
        route.requireExisting(reader);
        List<ItemCounterpart> twins = reader.transfers()
                .findCounterparts(route.from().key(), route.to().key(), last, BATCH_SIZE);
        List<ItemId> fresh = twins.stream()
                .filter(twin -> twin.counterpart().isEmpty())
                .map(ItemCounterpart::item)
                .toList();
        List<TransferConflict> found =
                author.isEmpty() ? ConflictResolver.find(reader, route, fresh, settled) : List.of();
        return new Batch(twins, fresh, found);
    }

    Batch copyNext(VaultWriter writer, Supersession supersession) {
        Batch batch = next(writer);
        if (!batch.fresh.isEmpty()) {
            reading.copyAndMark(
                    writer,
                    batch.end(),
                    () -> writer.transfers().copy(route.from().key(), route.to().key(), batch.fresh));
            TransferService.attribute(writer, route, author, batch.fresh);
            ConflictResolver.resolve(writer, route, supersession, batch.conflicts);
        }
        return batch;
    }

    /** Records a committed batch; returns whether there may be more. */
    boolean record(Batch batch) {
        copied.addAll(batch.fresh);
        for (ItemCounterpart each : batch.twins) {
            each.counterpart().ifPresent(present -> duplicates.add(new Duplicate(each.item(), present, each.same())));
        }
        conflicts.addAll(batch.conflicts);
        batch.conflicts.forEach(conflict -> settled.add(conflict.archived().id()));
        if (!batch.isLast()) {
            last = batch.end();
        }
        return !batch.isLast();
    }

    MergeReport report() {
        return new MergeReport(route.from().id(), route.to().id(), copied, duplicates, conflicts);
    }
}
