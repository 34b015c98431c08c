package io.memos4j.bench.performance;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.files.PrivateDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary directory that is deleted when it is closed. */
public final class ScratchDirectory implements AutoCloseable {
    private final Path folder;

    /** Creates the directory. */
    public ScratchDirectory() {
        try {
            this.folder = Files.createTempDirectory("memos4j-scratch");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot create a temporary directory: " + e, e);
        }
    }

    /** Creates a directory within this one. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot create a temporary directory: " + e, e);
        }
    }

    @Override
    public void close() {
        PrivateDirectories.delete(folder);
    }
}
