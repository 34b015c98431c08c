package io.memos4j.core.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Creates private directories and deletes directory trees; I/O errors become {@link ErrorCode#STORAGE_FAILED}. */
public final class PrivateDirectories {
    private PrivateDirectories() {}

    /**
     * Creates a directory that only the current user may open, and a path of directories within it.
     *
     * @return the innermost directory
     */
    public static Path create(Path folder, String... within) {
        Path innermost = folder;
        for (String name : within) {
            innermost = innermost.resolve(name);
        }
        try {
            PrivateFiles.createDirectory(innermost);
            PrivateFiles.restrict(folder);
            return innermost;
        } catch (IOException e) {
            throw failure("create directory " + innermost, e);
        }
    }

    /** Deletes a file or a directory with everything in it; does nothing if it does not exist. */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            throw failure("delete " + path, e);
        }
    }

    /** Returns the exception for a file operation that failed; {@code what} completes "Cannot …". */
    public static MemoryException failure(String what, Exception cause) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot " + what + ": " + cause + ".", cause);
    }
}
