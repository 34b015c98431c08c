package io.memos4j.core.cube;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Rebuilds and compacts what cubes take on disk. Thread-safe. */
public final class IndexOperations {
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final TaskTriggers triggers;

    public IndexOperations(
            Vault vault, CubeIndexManager indexes, Optional<VectorSpace> vectors, TaskTriggers triggers) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.triggers = triggers;
    }

    /** Throws the index of a cube away and builds it again; vectors of another embedder are computed anew. */
    public void reindex(CubeHandle cube) {
        CubeKey key = cube.key();
        indexes.rebuild(cube.write(writer -> {
            CubeRow row = cube.require(writer);
            vectors.filter(space -> !space.id().equals(row.embedder()) || space.dimension() != row.dimension())
                    .ifPresent(space -> writer.changeEmbedder(key, space.id(), space.dimension()));
            triggers.onTextChange(writer, key, "reindex");
            return cube.require(writer);
        }));
    }

    /** Rewrites the index of a cube and the vault so that no byte of deleted items is left. */
    public void compact(CubeHandle cube) {
        cube.useIndex(IndexOperations::expunge);
        vault.compact();
    }

    /** Does the same for all cubes, and deletes the indexes of cubes that are gone. */
    public void compactAll() {
        indexes.dropOrphans(
                vault.read(reader -> reader.cubes().stream().map(CubeRow::key).toList()));
        for (CubeRow cube : vault.read(VaultReader::cubes)) {
            indexes.use(cube, IndexOperations::expunge);
        }
        vault.compact();
    }

    /** Compacts, if something was erased since the last compaction, the vault and the indexes that held it. */
    public void compactErased() {
        if (!vault.read(VaultReader::hasErasures)) {
            return;
        }
        Map<CubeKey, Long> expunged = new LinkedHashMap<>();
        for (CubeRow cube : vault.read(VaultReader::cubesWithErasures)) {
            expunged.put(cube.key(), indexes.use(cube, IndexOperations::expunge));
        }
        vault.compact();
        if (!expunged.isEmpty()) {
            vault.change(writer -> expunged.forEach((cube, seq) -> {
                if (writer.findCube(cube).isPresent()) {
                    writer.setMark(cube, TaskKind.COMPACT, seq);
                }
            }));
        }
    }

    private static long expunge(CubeIndex index) {
        index.expunge();
        return index.appliedSeq();
    }
}
