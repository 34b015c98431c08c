package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.items.Selection;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.core.Engine;
import io.memos4j.core.transfer.TransferRoute;
import io.memos4j.core.transfer.TransferService;
import io.memos4j.spi.CubeRow;

/** Merging and moving between the cubes of an open engine: the indexes follow, and the background hears of it. */
public final class TransferOperations {
    private final Engine engine;
    private final TransferService transfers;

    public TransferOperations(Engine engine) {
        this.engine = engine;
        this.transfers = new TransferService(engine.vault(), engine.successions(), engine.reader()::now);
    }

    public MergeReport merge(CubeId from, CubeId to) {
        TransferRoute route = route(from, to);
        MergeReport report = transfers.merge(route);
        engine.indexes().catchUp(route.to());
        arrived(route.to());
        return report;
    }

    public MergeReport compare(CubeId from, CubeId to) {
        return transfers.compare(route(from, to));
    }

    public MoveReport move(CubeId from, CubeId to, Selection selection) {
        TransferRoute route = route(from, to);
        MoveReport report = transfers.move(route, selection);
        engine.indexes().catchUp(route.from());
        engine.indexes().catchUp(route.to());
        arrived(route.to());
        return report;
    }

    /** The other cube must take vectors of this engine; what comes need not have any. */
    private TransferRoute route(CubeId from, CubeId to) {
        return new TransferRoute(engine.existing(from), new StoredMemCube(engine, engine.existing(to)).ready());
    }

    private void arrived(CubeRow cube) {
        engine.vault().write(writer -> {
            engine.triggers().onTransfer(writer, cube.key());
            return true;
        });
    }
}
