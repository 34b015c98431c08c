package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Page;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.testkit.SampleItems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/** Faults of storage and process that a vault must get over, or refuse with a reason. */
@Timeout(120)
class SqliteVaultFaultsTest {
    @TempDir
    Path directory;

    private Vault vault;
    private CubeRow cube;

    @BeforeEach
    void openVault() {
        vault = new SqliteVaultProvider().open(directory, Long.MAX_VALUE);
        cube = vault.write(writer -> writer.createCube(SampleItems.CUBE, "", 0, SampleItems.EPOCH));
        insert(1, "first");
        insert(2, "second");
        insert(3, "third");
    }

    @AfterEach
    void closeVault() {
        vault.close();
    }

    private void insert(int number, String text) {
        vault.change(
                writer -> writer.insert(cube.key(), List.of(SampleItems.stored(SampleItems.message(number, text)))));
    }

    private List<String> list(int limit) {
        List<String> texts = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            ListRequest request = ListRequest.first()
                    .sortedBy(ListRequest.Sort.INSERTED)
                    .limit(limit)
                    .after(next.get());
            Page<MemoryItem> page = vault.read(reader -> reader.list(cube.key(), request));
            page.items().forEach(item -> texts.add(item.text()));
            next = page.next();
        }
        return texts;
    }

    @Test
    void compactionsAtOnceLetReadersAndWritersGoOn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = 100 + i;
                calls.add(threads.submit(() -> vault.compact()));
                calls.add(threads.submit(() -> list(2)));
                calls.add(threads.submit(() -> insert(number, "written meanwhile")));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
        assertThat(list(50)).hasSize(203);
        assertThat(vault.verify()).isEmpty();
    }

    @Test
    void aCompactionThatCannotEmptyTheLogSaysSo() throws Exception {
        try (Connection reading = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = reading.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM item").close();
            insert(4, "written while another process reads");
            refused(ErrorCode.TIMEOUT, () -> vault.compact(), "could not be emptied");
        }
        vault.compact();
        assertThat(list(50)).hasSize(4);
    }

    @Test
    void anErrorInAWriteFailsThatWriteAlone() {
        assertThatThrownBy(() -> vault.change(writer -> {
                    throw new OutOfMemoryError("simulated");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        insert(4, "fourth");
        assertThat(list(50)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tags = '[\"a'", "metadata = '{'", "state = 'unheard of'"})
    void aDamagedRowIsLeftOutAndNamedAndTheOthersAreServed(String damage) throws Exception {
        vault.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE item_version SET " + damage + " WHERE text = 'second'");
        }
        vault = new SqliteVaultProvider().open(directory, Long.MAX_VALUE);
        for (int limit = 1; limit < 5; limit++) {
            assertThat(list(limit)).containsExactly("first", "third");
        }
        List<MemoryItem> items = vault.read(
                reader -> reader.items(cube.key(), List.of(SampleItems.id(1), SampleItems.id(2), SampleItems.id(3))));
        assertThat(items).extracting(MemoryItem::text).containsExactly("first", "third");
        assertThat(vault.<List<?>>read(
                        reader -> reader.changes(cube.key(), 0, 2).upserts()))
                .hasSize(1);
        assertThat(vault.verify())
                .singleElement(STRING)
                .contains(SampleItems.id(2).toString().replace("-", ""), "cannot be read");
        refused(
                ErrorCode.CORRUPT,
                () -> vault.change(writer -> writer.items(cube.key(), List.of(SampleItems.id(2)))),
                "damaged");
        vault.change(writer -> writer.erase(cube.key(), List.of(SampleItems.id(2)), SampleItems.EPOCH));
        assertThat(vault.verify()).isEmpty();
    }

    @Test
    void aVaultThatThisProcessHasOpenIsNotOpenedTwiceAndStaysLocked() {
        for (int i = 0; i < 2; i++) {
            refused(
                    ErrorCode.DIRECTORY_LOCKED,
                    () -> new SqliteVaultProvider().open(directory, Long.MAX_VALUE),
                    "memos.lock");
        }
        insert(4, "fourth");
        assertThat(list(50)).hasSize(4);
    }

    @Test
    void filesAreClosedToOtherUsers() throws IOException {
        vault.backup(directory.resolve("backup.db"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSizeGreaterThan(2).noneMatch(PrivateFiles::isOpenToOthers);
        }
    }

    @Test
    void aProbeNoticesAFullVaultAndLeavesNoTrace() {
        vault.probe();
        assertThat(vault.<Boolean>read(
                        reader -> reader.findAnswer(cube.key(), "").isPresent()))
                .isFalse();
        vault.close();
        vault = new SqliteVaultProvider().open(directory, 400_000);
        refused(ErrorCode.STORAGE_FULL, () -> {
            for (int number = 10; ; number++) {
                insert(number, "x".repeat(3_000));
            }
        });
        refused(ErrorCode.STORAGE_FULL, () -> vault.probe());
        assertThat(list(500)).startsWith("first");
    }

    @Test
    void erasuresAreRememberedUntilACompaction() {
        vault.compact();
        assertThat(vault.<Boolean>read(VaultReader::hasErasures)).isFalse();
        vault.change(writer -> writer.erase(cube.key(), List.of(SampleItems.id(1)), SampleItems.EPOCH));
        vault.close();
        vault = new SqliteVaultProvider().open(directory, Long.MAX_VALUE);
        assertThat(vault.<Boolean>read(VaultReader::hasErasures)).isTrue();
        assertThat(vault.<List<CubeRow>>read(VaultReader::cubesWithErasures))
                .extracting(CubeRow::key)
                .containsExactly(cube.key());
        vault.compact();
        assertThat(vault.<Boolean>read(VaultReader::hasErasures)).isFalse();
    }
}
