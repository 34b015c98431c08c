package io.memos4j.core;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.MemoryException;
import io.memos4j.core.HealthReport.Finding;
import io.memos4j.core.HealthReport.Level;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks every part of an open engine and reports what is wrong and how to repair it. For one use. */
final class HealthCheck {
    private static final long LOW_SPACE = 256L << 20;

    private final MemOsConfig config;
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final MonotonicClock clock;
    private final List<Finding> findings = new ArrayList<>();

    HealthCheck(StorageLayer storage) {
        this.config = storage.config;
        this.vault = storage.vault;
        this.indexes = storage.indexes;
        this.vectors = storage.vectors;
        this.clock = storage.clock;
    }

    HealthReport run() {
        checkDisk();
        checkVault();
        checkClock();
        vault.read(VaultReader::cubes).forEach(this::checkCube);
        checkEmbedder();
        return new HealthReport(findings);
    }

    private void checkDisk() {
        var directory = config.directory();
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            boolean low = free < LOW_SPACE;
            report(
                    "disk",
                    low ? Level.WARNING : Level.OK,
                    (free >> 20) + " MiB free for " + directory
                            + (low ? ". Free some: writes are refused when the disk is full." : "."));
        } catch (IOException e) {
            report("disk", Level.WARNING, "Cannot read the free space of " + directory + ": " + e);
        }
    }

    private void checkVault() {
        check("vault", () -> {
            List<String> damage = vault.verify();
            if (damage.isEmpty()) {
                report("vault", Level.OK, (vault.bytes() >> 10) + " KiB, consistent.");
            }
            damage.forEach(each -> report("vault", Level.ERROR, each));
        });
    }

    private void checkClock() {
        if (clock.isFarAhead()) {
            report(
                    "clock",
                    Level.WARNING,
                    "Changes are dated " + clock.instant() + ", in the future: the clock of this machine was wrong, or"
                            + " is now. Set it right; new changes are dated just after the last one until then.");
        }
    }

    private void checkCube(CubeRow cube) {
        check("cube '" + cube.id() + "'", () -> {
            CubeDescription description = vault.read(reader -> reader.describe(cube));
            long passages = indexes.use(cube, CubeIndex::size);
            boolean foreign = vectors.map(VectorSpace::id)
                    .filter(id -> !id.equals(cube.embedder()))
                    .isPresent();
            String text = description.itemCount() + " items, " + passages + " indexed passages, "
                    + description.pendingVectors() + " waiting for vectors, embedder "
                    + (cube.embedder().isEmpty() ? "none" : cube.embedder()) + ".";
            report(
                    "cube '" + cube.id() + "'",
                    foreign ? Level.WARNING : Level.OK,
                    text
                            + (foreign
                                    ? " This engine uses another embedder: reindex the cube or configure the former."
                                    : ""));
        });
    }

    private void checkEmbedder() {
        if (vectors.isEmpty()) {
            report("embedder", Level.WARNING, "None: search ranks by words alone. Configure one for better recall.");
            return;
        }
        VectorSpace space = vectors.get();
        check("embedder", () -> {
            int length = space.embedQuery("Does the embedder work?").length;
            report("embedder", Level.OK, space.id() + " works, " + length + " dimensions.");
        });
    }

    private void check(String area, Runnable look) {
        try {
            look.run();
        } catch (MemoryException e) {
            report(area, Level.ERROR, e.getMessage());
        }
    }

    private void report(String area, Level level, String message) {
        findings.add(new Finding(area, level, message));
    }
}
