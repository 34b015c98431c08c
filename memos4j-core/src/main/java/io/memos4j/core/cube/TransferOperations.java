package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.items.Selection;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.transfer.TransferRoute;
import io.memos4j.core.transfer.TransferService;

/**
 * Merges cubes and moves items between them; the indexes follow, and tasks are queued for what arrived. Thread-safe.
 */
public final class TransferOperations {
    private final CubeCatalog catalog;
    private final TransferService transfers;
    private final CubeIndexManager indexes;
    private final TaskTriggers triggers;

    public TransferOperations(
            CubeCatalog catalog, TransferService transfers, CubeIndexManager indexes, TaskTriggers triggers) {
        this.catalog = catalog;
        this.transfers = transfers;
        this.indexes = indexes;
        this.triggers = triggers;
    }

    public MergeReport merge(CubeId from, CubeId to) {
        TransferRoute route = route(from, to);
        MergeReport report = transfers.merge(route);
        indexes.catchUp(route.to());
        afterTransfer(route);
        return report;
    }

    public MergeReport compare(CubeId from, CubeId to) {
        return transfers.compare(route(from, to));
    }

    public MoveReport move(CubeId from, CubeId to, Selection selection) {
        TransferRoute route = route(from, to);
        MoveReport report = transfers.move(route, selection);
        indexes.catchUp(route.from());
        indexes.catchUp(route.to());
        afterTransfer(route);
        return report;
    }

    /** The receiving cube must take vectors of this engine; the other one need not have any. */
    private TransferRoute route(CubeId from, CubeId to) {
        return new TransferRoute(
                catalog.require(from), catalog.handle(catalog.require(to)).readyRow());
    }

    private void afterTransfer(TransferRoute route) {
        catalog.handle(route.to()).write(writer -> {
            triggers.onCopy(writer, route.from(), route.to().key());
            triggers.onTransfer(writer, route.to().key());
            return true;
        });
    }
}
