package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.MergeReport;
import io.memos4j.api.MoveReport;
import io.memos4j.api.Selection;
import io.memos4j.core.composition.Route;
import io.memos4j.core.composition.Transfers;
import io.memos4j.spi.CubeRow;

/** Merging and moving between the cubes of an open engine: the indexes follow, and the background hears of it. */
final class EngineTransfers {
    private final Engine engine;
    private final Transfers transfers;

    EngineTransfers(Engine engine) {
        this.engine = engine;
        this.transfers = new Transfers(engine.vault(), engine.successions(), engine.reader()::now);
    }

    MergeReport merge(CubeId from, CubeId to) {
        Route route = route(from, to);
        MergeReport report = transfers.merge(route);
        engine.indexes().catchUp(route.to());
        arrived(route.to());
        return report;
    }

    MergeReport compare(CubeId from, CubeId to) {
        return transfers.compare(route(from, to));
    }

    MoveReport move(CubeId from, CubeId to, Selection selection) {
        Route route = route(from, to);
        MoveReport report = transfers.move(route, selection);
        engine.indexes().catchUp(route.from());
        engine.indexes().catchUp(route.to());
        arrived(route.to());
        return report;
    }

    /** The other cube must take vectors of this engine; what comes need not have any. */
    private Route route(CubeId from, CubeId to) {
        return new Route(engine.existing(from), new EngineCube(engine, engine.existing(to)).ready());
    }

    private void arrived(CubeRow cube) {
        engine.vault().write(writer -> {
            engine.triggers().arrived(writer, cube.key());
            return true;
        });
    }
}
