package io.memos4j.spi.vault;

import java.nio.file.Path;

/** Opens a vault; found with {@link java.util.ServiceLoader}. */
public interface VaultProvider {
    /**
     * Opens the vault in an existing directory, creates it if it is not there and upgrades it if an older release wrote
     * it.
     *
     * @param directory the data directory of this process, which holds its lock
     * @param maxBytes the vault refuses to grow beyond this with {@link io.memos4j.api.ErrorCode#STORAGE_FULL};
     *     {@link Long#MAX_VALUE} for no limit
     */
    Vault open(Path directory, long maxBytes);

    /** Returns whether there is a vault in a directory, be it usable or not; an empty file is none. */
    boolean exists(Path directory);

    /**
     * Puts what {@link Vault#backup} has written into a directory that holds no vault, after looking it over whole. An
     * older release's is upgraded. If this fails, the directory is as before.
     *
     * @param file stays as it is
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#CORRUPT} if it is damaged or no such
     *     file, {@link io.memos4j.api.ErrorCode#FORMAT_TOO_NEW} if a newer release wrote it
     */
    void restore(Path file, Path directory);
}
