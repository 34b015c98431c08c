package io.memos4j.core.disk;

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

class FoldersTest {
    @TempDir
    Path folder;

    @Test
    void onlyTheUserLooksIntoAPrivateFolder() throws IOException {
        Path place = folder.resolve("above").resolve("private");

        assertThat(Folders.makePrivate(place)).isEqualTo(place).isDirectory();
        assertThat(Folders.makePrivate(place, "a", "b"))
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
                .isThrownBy(() -> Folders.makePrivate(taken))
                .matches(e -> e.code() == ErrorCode.STORAGE_FAILED)
                .withMessageContaining("Cannot make the folder " + taken);
    }

    @Test
    void erasesEverythingWithin() throws IOException {
        Path within = Folders.makePrivate(folder.resolve("whole"), "deep");
        Files.createFile(within.resolve("file"));

        Folders.erase(folder.resolve("whole"));
        Folders.erase(folder.resolve("whole"));

        assertThat(folder).isEmptyDirectory();
    }
}
