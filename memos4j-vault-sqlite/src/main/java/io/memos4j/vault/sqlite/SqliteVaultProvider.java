package io.memos4j.vault.sqlite;

import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import java.nio.file.Path;

/** Opens the default vault: one SQLite file, {@code memos.db}, in the data directory. */
public final class SqliteVaultProvider implements VaultProvider {
    private static final String FILE = "memos.db";

    @Override
    public Vault open(Path directory, long maxBytes) {
        return SqliteVault.open(directory.resolve(FILE), maxBytes);
    }

    @Override
    public void restore(Path file, Path directory) {
        SqliteBackup.restore(file, directory.resolve(FILE));
    }
}
