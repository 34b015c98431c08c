package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.access.AuditTrail;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.InstantSource;
import java.util.Optional;

/** Finds and creates the cubes of an engine. Thread-safe. */
public final class CubeCatalog {
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final AuditTrail audit;
    private final InstantSource clock;

    /** @param vectors the vectors of new cubes */
    public CubeCatalog(
            Vault vault,
            CubeIndexManager indexes,
            Optional<VectorSpace> vectors,
            AuditTrail audit,
            InstantSource clock) {
        this.audit = audit;
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.clock = clock;
    }

    public CubeHandle handle(CubeRow row) {
        return new CubeHandle(vault, indexes, vectors, audit, row);
    }

    public Optional<CubeRow> find(CubeId id) {
        return vault.read(reader -> reader.findCube(id));
    }

    /**
     * Returns an existing cube.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND}
     */
    public CubeRow require(CubeId id) {
        return vault.read(reader -> reader.requireCube(id));
    }

    public CubeRow findOrCreate(CubeId id) {
        return find(id).orElseGet(() ->
                vault.write(writer -> writer.findCube(id).orElseGet(() -> create(writer, id))));
    }

    /**
     * Creates a cube.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_EXISTS} if the name is taken
     */
    public CubeRow create(CubeId id) {
        return vault.write(writer -> {
            requireFree(writer, id);
            return create(writer, id);
        });
    }

    private CubeRow create(VaultWriter writer, CubeId id) {
        return writer.createCube(
                id,
                vectors.map(VectorSpace::id).orElse(""),
                vectors.map(VectorSpace::dimension).orElse(0),
                clock.instant());
    }

    static void requireFree(VaultWriter writer, CubeId id) {
        if (writer.findCube(id).isPresent()) {
            throw new MemoryException(
                    ErrorCode.CUBE_EXISTS, "Cube '" + id + "' already exists. Use it, or choose another name.");
        }
    }
}
