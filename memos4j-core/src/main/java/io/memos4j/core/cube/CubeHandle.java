package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.access.AuditTrail;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads and writes one cube of an open engine. Holds nothing of the cube but its identity, and checks in every
 * transaction that the cube is still there. Thread-safe.
 */
public final class CubeHandle {
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final AuditTrail audit;
    private final CubeId id;
    private final CubeKey key;

    CubeHandle(Vault vault, CubeIndexManager indexes, Optional<VectorSpace> vectors, AuditTrail audit, CubeRow row) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.audit = audit;
        this.id = row.id();
        this.key = row.key();
    }

    /** Returns a handle to another cube of the same engine. */
    public CubeHandle handleFor(CubeRow row) {
        return new CubeHandle(vault, indexes, vectors, audit, row);
    }

    public CubeId id() {
        return id;
    }

    public CubeKey key() {
        return key;
    }

    /**
     * Reads the cube's row.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if the cube was deleted
     */
    public CubeRow row() {
        return vault.read(this::require);
    }

    /**
     * Reads the row of a cube that can be searched and written.
     *
     * @throws MemoryException with {@link ErrorCode#EMBEDDER_MISMATCH} if its vectors come from another embedder
     */
    public CubeRow readyRow() {
        CubeRow row = row();
        vectors.ifPresent(space -> space.requireSameEmbedder(row));
        return row;
    }

    /** Returns whether this engine computes the vectors of the cube. */
    public boolean embedsHere() {
        return vectors.map(VectorSpace::id).equals(Optional.of(row().embedder()));
    }

    public CubeRow require(VaultReader reader) {
        return reader.requireCube(key, id);
    }

    /** Does work as a change of the cube that the audit records. */
    <T> T audited(String operation, Supplier<T> work) {
        return audit.change(id, operation, work);
    }

    /** Does work as a change of something in the cube that the audit records. */
    <T> T audited(String operation, String target, Supplier<T> work) {
        return audit.change(id, operation, target, work);
    }

    /** Reads from one view of the vault, which the audit records. */
    <T> T auditedRead(String operation, Function<VaultReader, T> work) {
        T result = read(work);
        audit.read(id, operation);
        return result;
    }

    /** Records that the caller read from the cube. */
    void auditRead(String operation) {
        audit.read(id, operation);
    }

    /** Reads from one view of the vault. */
    public <T> T read(Function<VaultReader, T> work) {
        return vault.read(reader -> {
            require(reader);
            return work.apply(reader);
        });
    }

    /** Writes in one transaction; the index follows at its next use. */
    public <T> T write(Function<VaultWriter, T> work) {
        return vault.write(writer -> {
            require(writer);
            return work.apply(writer);
        });
    }

    /** Changes items in one transaction and makes the change searchable. */
    public <T> T change(Function<VaultWriter, T> work) {
        CubeRow row = readyRow();
        T result = write(work);
        indexes.catchUp(row);
        return result;
    }

    /** Uses the index, which follows the vault first. */
    public <T> T useIndex(Function<CubeIndex, T> work) {
        return indexes.use(row(), work);
    }

    /** Makes everything that was written searchable. */
    public void catchUp() {
        indexes.catchUp(row());
    }

    /**
     * Returns an item in any state.
     *
     * @throws MemoryException with {@link ErrorCode#ITEM_NOT_FOUND}
     */
    public MemoryItem requireItem(VaultReader reader, ItemId item) {
        return reader.findItem(key, item)
                .orElseThrow(() ->
                        new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Cube '" + id + "' has no item " + item + "."));
    }

    /** Returns an item that may be changed: one that is neither frozen nor forgotten. */
    public MemoryItem requireChangeable(VaultReader reader, ItemId item) {
        MemoryItem found = requireItem(reader, item);
        requireChangeable(found);
        return found;
    }

    /** Refuses an item that is frozen or forgotten. */
    static void requireChangeable(MemoryItem item) {
        if (item.state() == ItemState.FROZEN) {
            throw MemoryException.invalid(
                    "Item " + item.id() + " is frozen. Set its state to activated before changing it.");
        }
        if (item.state() == ItemState.FORGOTTEN) {
            throw MemoryException.invalid(
                    "Item " + item.id() + " is to be forgotten. Reinstate it before changing it, or delete it.");
        }
    }
}
