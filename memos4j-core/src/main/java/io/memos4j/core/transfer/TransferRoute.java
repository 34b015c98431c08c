package io.memos4j.core.transfer;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultReader;

/** The source and target cube of a transfer. */
public record TransferRoute(CubeRow from, CubeRow to) {
    public TransferRoute {
        if (from.key().equals(to.key())) {
            throw MemoryException.invalid(
                    "Cube '" + from.id() + "' is both the source and the target. Name two cubes.");
        }
    }

    /** Fails if one of the cubes was deleted in the meantime. */
    void requireExisting(VaultReader reader) {
        reader.requireCube(from.key(), from.id());
        reader.requireCube(to.key(), to.id());
    }
}
