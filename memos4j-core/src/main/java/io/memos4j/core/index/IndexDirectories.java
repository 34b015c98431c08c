package io.memos4j.core.index;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.files.PrivateDirectories;
import io.memos4j.spi.CubeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names the directory of each cube's index by the cube's key. */
final class IndexDirectories {
    private IndexDirectories() {}

    static Path directoryOf(Path directory, CubeKey key) {
        return directory.resolve(key.toString());
    }

    /** Deletes the directories of all cubes but these. */
    static void deleteAllBut(Path directory, Collection<CubeKey> living) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<String> kept = living.stream().map(key -> key.toString()).collect(Collectors.toSet());
        try (Stream<Path> folders = Files.list(directory)) {
            folders.filter(folder -> !kept.contains(folder.getFileName().toString()))
                    .toList()
                    .forEach(PrivateDirectories::delete);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot read index directory " + directory + ": " + e, e);
        }
    }
}
