package io.memos4j.testkit.vault;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ListRequest;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.SampleItems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of backups: they hold everything acknowledged before, nothing half done, and no incomplete file appears. */
public abstract class VaultBackupContract extends VaultFixture {
    @TempDir
    protected Path backups;

    /** The provider that restores the backups of the vault under test. */
    protected abstract VaultProvider provider();

    @Override
    protected Vault open(Path folder) {
        return provider().open(folder, Long.MAX_VALUE);
    }

    private Path backup(String name) {
        Path file = backups.resolve(name);
        vault.backup(file);
        return file;
    }

    private Path restore(Path file) throws IOException {
        Path folder = Files.createTempDirectory(backups, "restored");
        provider().restore(file, folder);
        return folder;
    }

    private static List<String> restored(Vault from) {
        return from.<List<String>>read(reader -> {
            CubeRow there = reader.findCube(SampleItems.CUBE).orElseThrow();
            return texts(
                    reader.list(there.key(), ListRequest.first().limit(1_000)).items());
        });
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBackupHoldsWhatWasAcknowledgedBeforeItAndNothingLater() throws IOException {
        insertMessages(1, 2);
        Path file = backup("a");
        insertMessages(3);
        assertThat(names(backups)).containsExactly("a");
        try (Vault copy = open(restore(file))) {
            assertThat(restored(copy)).containsExactly("message 1", "message 2");
            assertThat(copy.verify()).isEmpty();
        }
        assertThat(restored(vault)).hasSize(3);
    }

    @Test
    void aRestoredVaultTakesNewWrites() throws IOException {
        insertMessages(1);
        Path folder = restore(backup("a"));
        try (Vault copy = open(folder)) {
            CubeRow there =
                    copy.read(reader -> reader.findCube(SampleItems.CUBE)).orElseThrow();
            copy.change(
                    writer -> writer.insert(there.key(), List.of(SampleItems.stored(SampleItems.message(2, "new")))));
        }
        try (Vault copy = open(folder)) {
            assertThat(restored(copy)).containsExactly("message 1", "new");
        }
    }

    @Test
    void writersGoOnWhileABackupIsWritten() throws Exception {
        insertMessages(0);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger acknowledged = new AtomicInteger();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int number = 1; !enough.get() && number < 900; number++) {
                insert(SampleItems.message(number, "message " + number));
                acknowledged.set(number);
            }
        });
        List<Integer> before = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                before.add(acknowledged.get());
                files.add(backup("copy " + i));
            }
        } finally {
            enough.set(true);
            writer.join();
        }
        for (int i = 0; i < files.size(); i++) {
            try (Vault copy = open(restore(files.get(i)))) {
                List<String> texts = restored(copy);
                assertThat(texts).hasSizeGreaterThan(before.get(i));
                for (int number = 0; number < texts.size(); number++) {
                    assertThat(texts.get(number)).isEqualTo("message " + number);
                }
            }
        }
    }

    @Test
    void aBackupReplacesNoFile() throws IOException {
        Path file = Files.writeString(backups.resolve("mine"), "precious");
        refused(ErrorCode.INVALID_ARGUMENT, () -> vault.backup(file));
        assertThat(file).hasContent("precious");
    }

    @Test
    void aBackupThatCannotBeWrittenLeavesNothing() {
        Path nowhere = backups.resolve("not there");
        assertThatThrownBy(() -> vault.backup(nowhere.resolve("a"))).isInstanceOf(MemoryException.class);
        assertThat(nowhere).doesNotExist();
        assertThat(restored(vault)).isEmpty();
    }

    @Test
    void whatIsNoBackupIsRefusedAndLeavesTheDirectoryEmpty() throws IOException {
        insertMessages(1);
        byte[] whole = Files.readAllBytes(backup("whole"));
        byte[] torn = Arrays.copyOf(whole, whole.length / 2);
        byte[] spoilt = whole.clone();
        Arrays.fill(spoilt, 100, spoilt.length, (byte) 7);
        for (byte[] wrong :
                List.of(new byte[0], "no backup".repeat(2_000).getBytes(StandardCharsets.UTF_8), torn, spoilt)) {
            Path file = Files.write(backups.resolve("wrong"), wrong);
            Path folder = Files.createTempDirectory(backups, "empty");
            refused(ErrorCode.CORRUPT, () -> provider().restore(file, folder));
            assertThat(names(folder)).isEmpty();
        }
        Path folder = Files.createTempDirectory(backups, "empty");
        refused(ErrorCode.CORRUPT, () -> provider().restore(backups.resolve("missing"), folder));
    }

    @Test
    void aClosedVaultWritesNoBackup() {
        vault.close();
        refused(ErrorCode.CLOSED, () -> vault.backup(backups.resolve("late")));
        assertThat(names(backups)).isEmpty();
        vault = open(directory);
    }
}
