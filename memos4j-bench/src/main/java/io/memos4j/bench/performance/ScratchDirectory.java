package io.memos4j.bench.performance;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A scratch folder that is deleted at the end. */
final class ScratchDirectory implements AutoCloseable {
    private final Path folder;

    ScratchDirectory() {
        try {
            this.folder = Files.createTempDirectory("memos4j-bench");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot make a scratch folder: " + e, e);
        }
    }

    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot make a scratch folder: " + e, e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot delete scratch folder " + folder + ": " + e, e);
        }
    }
}
