package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.VaultProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Restores a backup into a new data directory. */
final class BackupRestorer {
    private BackupRestorer() {}

    static void restore(Path backup, Path directory) {
        // Checked before locking, so that a directory with other files gets no lock file, and again under the lock.
        requireEmpty(directory);
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            requireEmpty(directory);
            ServiceProviders.require(VaultProvider.class, "memos4j-vault-sqlite")
                    .restore(backup, directory);
        }
    }

    private static void requireEmpty(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> present =
                    files.filter(file -> !DirectoryLock.isLockFile(file)).findFirst();
            if (present.isPresent()) {
                throw MemoryException.invalid("Directory " + directory + " is not empty: there is "
                        + present.get().getFileName() + ". Restore into a new directory.");
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot list " + directory + ": " + e + ". Check the path.", e);
        }
    }
}
