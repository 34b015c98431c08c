package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the default vault: one SQLite file, {@code memos.db}, in the data directory. */
public final class SqliteVaultProvider implements VaultProvider {
    private static final String FILE = "memos.db";

    @Override
    public Vault open(Path directory, long maxBytes) {
        return SqliteVault.open(directory.resolve(FILE), maxBytes);
    }

    @Override
    public boolean exists(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            return Files.exists(file) && Files.size(file) > 0;
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot read vault " + file + ": " + e + ". Check its permissions.", e);
        }
    }

    @Override
    public void restore(Path file, Path directory) {
        SqliteBackup.restore(file, directory.resolve(FILE));
    }
}
