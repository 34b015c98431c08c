package io.memos4j.core;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.MemoryException;
import io.memos4j.core.HealthReport.Finding;
import io.memos4j.core.HealthReport.Level;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Looks at every part of an engine and says what is wrong and what to do. */
final class HealthCheck {
    private static final long LITTLE_SPACE = 256L << 20;

    private final Engine engine;
    private final List<Finding> findings = new ArrayList<>();

    HealthCheck(Engine engine) {
        this.engine = engine;
    }

    HealthReport run() {
        disk();
        vault();
        engine.vault().read(reader -> reader.cubes()).forEach(this::cube);
        embedder();
        return new HealthReport(findings);
    }

    private void disk() {
        var directory = engine.config().directory();
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            boolean little = free < LITTLE_SPACE;
            say(
                    "disk",
                    little ? Level.WARNING : Level.OK,
                    (free >> 20) + " MiB free for " + directory
                            + (little ? ". Make room: writes are refused when the disk is full." : "."));
        } catch (IOException e) {
            say("disk", Level.WARNING, "Cannot tell the free space of " + directory + ": " + e);
        }
    }

    private void vault() {
        attempt("vault", () -> {
            List<String> damage = engine.vault().verify();
            if (damage.isEmpty()) {
                say("vault", Level.OK, (engine.vault().bytes() >> 10) + " KiB, consistent.");
            }
            damage.forEach(each -> say("vault", Level.ERROR, each));
        });
    }

    private void cube(CubeRow cube) {
        attempt("cube '" + cube.id() + "'", () -> {
            CubeDescription description = engine.vault().read(reader -> reader.describe(cube));
            long passages = engine.indexes().use(cube, CubeIndex::size);
            boolean foreign = engine.vectors()
                    .map(VectorSpace::id)
                    .filter(id -> !id.equals(cube.embedder()))
                    .isPresent();
            String text = description.itemCount() + " items, " + passages + " indexed passages, "
                    + description.pendingVectors() + " waiting for vectors, embedder "
                    + (cube.embedder().isEmpty() ? "none" : cube.embedder()) + ".";
            say(
                    "cube '" + cube.id() + "'",
                    foreign ? Level.WARNING : Level.OK,
                    text
                            + (foreign
                                    ? " This engine uses another embedder: reindex the cube or configure the former."
                                    : ""));
        });
    }

    private void embedder() {
        if (engine.vectors().isEmpty()) {
            say("embedder", Level.WARNING, "None: search ranks by words alone. Configure one for better recall.");
            return;
        }
        VectorSpace space = engine.vectors().get();
        attempt("embedder", () -> {
            int length = space.embedQuery("Does the embedder work?").length;
            say("embedder", Level.OK, space.id() + " works, " + length + " dimensions.");
        });
    }

    private void attempt(String area, Runnable look) {
        try {
            look.run();
        } catch (MemoryException e) {
            say(area, Level.ERROR, e.getMessage());
        }
    }

    private void say(String area, Level level, String message) {
        findings.add(new Finding(area, level, message));
    }
}
