package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.SampleItems;
import io.memos4j.testkit.vault.VaultBackupContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqliteBackupTest extends VaultBackupContract {
    @Override
    protected VaultProvider provider() {
        return new SqliteVaultProvider();
    }

    private static void change(Path file, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void whatAKilledBackupLeftIsReplaced() throws IOException {
        Files.writeString(backups.resolve("a.part"), "half of it");
        vault.backup(backups.resolve("a"));
        assertThat(backups.resolve("a.part")).doesNotExist();
        provider().restore(backups.resolve("a"), Files.createDirectory(backups.resolve("folder")));
    }

    @Test
    void aBackupKeepsTheRulesOfTheDatabase() throws Exception {
        vault.backup(backups.resolve("a"));
        Path folder = Files.createDirectory(backups.resolve("folder"));
        provider().restore(backups.resolve("a"), folder);
        try (Vault copy = open(folder)) {
            copy.write(writer ->
                    writer.audit().record(new AuditEntry(0, SampleItems.EPOCH, "acme", "", "GET", "", "", 200, "")));
        }
        assertThatThrownBy(() -> change(folder.resolve("memos.db"), "DELETE FROM audit"))
                .hasMessageContaining("only added to");
    }

    @Test
    void aBackupOfANewerReleaseIsRefused() throws Exception {
        vault.backup(backups.resolve("a"));
        change(backups.resolve("a"), "PRAGMA user_version = 99");
        Path folder = Files.createDirectory(backups.resolve("folder"));
        refused(ErrorCode.FORMAT_TOO_NEW, () -> provider().restore(backups.resolve("a"), folder));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anotherProgramsDatabaseIsRefused() throws Exception {
        change(backups.resolve("other"), "CREATE TABLE other (a)");
        Path folder = Files.createDirectory(backups.resolve("folder"));
        assertThatThrownBy(() -> provider().restore(backups.resolve("other"), folder))
                .hasMessageContaining("is no backup of a vault");
        assertThat(folder).isEmptyDirectory();
    }
}
