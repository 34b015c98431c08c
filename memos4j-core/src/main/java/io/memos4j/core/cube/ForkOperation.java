package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.history.HistoryWriter.ForkRequest;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Copies what a cube knew at an instant into a new cube. Thread-safe. */
public final class ForkOperation {
    /** Texts cut into passages at a time. */
    private static final int BATCH = 500;

    private final InputParser parser;
    private final TaskTriggers triggers;
    private final TrustPolicy trust;
    private final InstantSource clock;

    public ForkOperation(InputParser parser, TaskTriggers triggers, TrustPolicy trust, InstantSource clock) {
        this.parser = parser;
        this.triggers = triggers;
        this.trust = trust;
        this.clock = clock;
    }

    public CubeRow fork(CubeHandle cube, CubeId newCube, Instant at) {
        String author = trust.authorElsewhere(cube.id(), newCube);
        return cube.write(writer -> {
            CubeCatalog.requireFree(writer, newCube);
            String cause = "forked from " + cube.id() + " at " + at;
            CubeRow row =
                    writer.history().fork(cube.key(), new ForkRequest(newCube, at, clock.instant(), cause, author));
            cutPassages(writer, row.key(), cause);
            triggers.onCopy(writer, cube.require(writer), row.key());
            triggers.onRestore(writer, row.key(), "fork");
            return row;
        });
    }

    /** Texts that were rewritten since have other passages and claims than the current ones. */
    private void cutPassages(VaultWriter writer, CubeKey fork, String cause) {
        List<InsertedItem> uncut = writer.history().itemsWithoutPassages(fork, 0, BATCH);
        while (!uncut.isEmpty()) {
            uncut.forEach(each -> writer.history().storePassages(fork, parser.revise(each.item(), cause)));
            uncut = writer.history().itemsWithoutPassages(fork, uncut.getLast().ordinal(), BATCH);
        }
    }
}
