package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.access.DefaultMemGovernance;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.tasks.NotifyingVault;
import io.memos4j.spi.CubeRow;
import java.util.Optional;

/** Deletes whole cubes: their items, grants, index and every form that was derived from them. Thread-safe. */
public final class CubeDeletion {
    private final DefaultMemGovernance governance;
    private final CubeIndexManager indexes;
    private final NotifyingVault.CommitHook derivedForms;

    /** @param derivedForms erases what was derived from a cube: files of the KV cache, adapters */
    public CubeDeletion(
            DefaultMemGovernance governance, CubeIndexManager indexes, NotifyingVault.CommitHook derivedForms) {
        this.governance = governance;
        this.indexes = indexes;
        this.derivedForms = derivedForms;
    }

    private record Deleted(CubeRow row, Optional<Runnable> erasure) {}

    /**
     * Deletes a cube.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND}
     */
    public void delete(CubeId id) {
        Deleted deleted = governance.writeRevoking(writer -> {
            CubeRow row = writer.requireCube(id);
            writer.deleteCube(row.key());
            return new Deleted(row, derivedForms.afterChanges(writer));
        });
        indexes.drop(deleted.row);
        deleted.erasure.ifPresent(Runnable::run);
    }
}
