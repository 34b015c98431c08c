package io.memos4j.spi;

import java.nio.file.Path;

/** Opens a vault; found with {@link java.util.ServiceLoader}. */
public interface VaultProvider {
    /** The kind of vault, for example {@code sqlite}. */
    String name();

    /**
     * Opens the vault in an existing directory, creates it if it is not there and upgrades it if an older release wrote it.
     *
     * @param directory the data directory of this process, which holds its lock
     * @param maxBytes the vault refuses to grow beyond this with {@link io.memos4j.api.ErrorCode#STORAGE_FULL};
     *     {@link Long#MAX_VALUE} for no limit
     */
    Vault open(Path directory, long maxBytes);
}
