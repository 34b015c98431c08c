package io.memos4j.core.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PrivateDirectoriesTest {
    @TempDir
    Path folder;

    @Test
    void onlyTheUserLooksIntoAPrivateFolder() throws IOException {
        Path place = folder.resolve("above").resolve("private");

        assertThat(PrivateDirectories.create(place)).isEqualTo(place).isDirectory();
        assertThat(PrivateDirectories.create(place, "a", "b"))
                .isEqualTo(place.resolve("a").resolve("b"))
                .isDirectory();
        if (place.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(Files.getPosixFilePermissions(place)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aFileInItsPlaceIsSaid() throws IOException {
        Path taken = Files.createFile(folder.resolve("taken"));

        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> PrivateDirectories.create(taken))
                .matches(e -> e.code() == ErrorCode.STORAGE_FAILED)
                .withMessageContaining("Cannot create directory " + taken);
    }

    @Test
    void erasesEverythingWithin() throws IOException {
        Path within = PrivateDirectories.create(folder.resolve("whole"), "deep");
        Files.createFile(within.resolve("file"));

        PrivateDirectories.delete(folder.resolve("whole"));
        PrivateDirectories.delete(folder.resolve("whole"));

        assertThat(folder).isEmptyDirectory();
    }
}
