package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

class DataDirectoryTest {
    @TempDir
    Path parent;

    private MemOsConfig config() {
        return MemOsConfig.at(parent.resolve("data")).withoutEmbedder();
    }

    private void fill() {
        try (MemOs memos = MemOs.open(config())) {
            memos.cube("alice").add("Something to remember.");
            memos.cube("alice").search("remember");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDirectoryWhoseVaultIsGoneIsRefusedAndNotChanged(boolean empty) throws IOException {
        fill();
        Path vault = config().directory().resolve("memos.db");
        byte[] content = Files.readAllBytes(vault);
        Files.delete(vault);
        if (empty) {
            Files.createFile(vault);
        }
        for (int i = 0; i < 2; i++) {
            refused(ErrorCode.VAULT_MISSING, () -> MemOs.open(config()), "memos.db", "memos4j restore");
        }
        Files.write(vault, content);
        try (MemOs memos = MemOs.open(config())) {
            assertThat(memos.cube("alice").search("remember").hits()).hasSize(1);
        }
    }

    @Test
    void everythingThatIsCreatedIsClosedToOtherUsers() throws IOException {
        try (MemOs memos = MemOs.open(config())) {
            memos.cube("alice").add("Something to remember.");
            memos.cube("alice").search("remember");
            memos.cube("alice").compact();
            assertClosed(config().directory());
        }
        assertClosed(config().directory());
    }

    @Test
    void anExistingDirectoryIsClosedToOtherUsers() throws IOException {
        fill();
        try (Stream<Path> all = Files.walk(config().directory())) {
            all.forEach(DataDirectoryTest::open);
        }
        MemOs.open(config()).close();
        assertClosed(config().directory());
    }

    private static void open(Path path) {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            if (view != null) {
                view.setPermissions(
                        PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertClosed(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all).hasSizeGreaterThan(3).noneMatch(PrivateFiles::isOpenToOthers);
        }
    }
}
