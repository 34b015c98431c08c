package io.memos4j.core.composition;

import io.memos4j.api.ItemId;
import io.memos4j.api.MergeReport;
import io.memos4j.api.MergeReport.Duplicate;
import io.memos4j.api.TransferConflict;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.spi.Twin;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One merge on its way through the batches. A batch decides and writes in its own transaction and is only taken into account when that has
 * committed, since a transaction may be run again.
 */
final class Merge {
    /** Items looked at in one transaction: other writers wait for milliseconds. */
    static final int BATCH = 500;

    private final Route route;
    private final Reading reading;
    private final List<ItemId> copied = new ArrayList<>();
    private final List<Duplicate> duplicates = new ArrayList<>();
    private final List<TransferConflict> conflicts = new ArrayList<>();
    private final Set<ItemId> settled = new HashSet<>();
    private long last;

    Merge(Route route, Reading reading) {
        this.route = route;
        this.reading = reading;
    }

    /** What is to be done with the next items. */
    record Batch(List<Twin> twins, List<ItemId> fresh, List<TransferConflict> conflicts) {
        boolean isLast() {
            return twins.size() < BATCH;
        }

        long end() {
            return twins.getLast().ordinal();
        }
    }

    Batch next(VaultReader reader) {
        route.require(reader);
        List<Twin> twins =
                reader.transfers().twins(route.from().key(), route.to().key(), last, BATCH);
        List<ItemId> fresh = twins.stream()
                .filter(twin -> twin.twin().isEmpty())
                .map(Twin::item)
                .toList();
        return new Batch(twins, fresh, Conflicts.of(reader, route, fresh, settled));
    }

    Batch copyNext(VaultWriter writer, Successions successions) {
        Batch batch = next(writer);
        if (!batch.fresh.isEmpty()) {
            reading.carry(
                    writer,
                    batch.end(),
                    () -> writer.transfers().copy(route.from().key(), route.to().key(), batch.fresh));
            Conflicts.settle(writer, route, successions, batch.conflicts);
        }
        return batch;
    }

    /** Takes a batch into account; returns whether there may be more. */
    boolean done(Batch batch) {
        copied.addAll(batch.fresh);
        for (Twin each : batch.twins) {
            each.twin().ifPresent(present -> duplicates.add(new Duplicate(each.item(), present, each.same())));
        }
        conflicts.addAll(batch.conflicts);
        batch.conflicts.forEach(conflict -> settled.add(conflict.former().id()));
        if (!batch.isLast()) {
            last = batch.end();
        }
        return !batch.isLast();
    }

    MergeReport report() {
        return new MergeReport(route.from().id(), route.to().id(), copied, duplicates, conflicts);
    }
}
