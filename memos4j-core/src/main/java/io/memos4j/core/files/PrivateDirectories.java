package io.memos4j.core.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes and erases folders; what fails is {@link ErrorCode#STORAGE_FAILED}. */
public final class PrivateDirectories {
    private PrivateDirectories() {}

    /**
     * Makes a folder that only this user may look into, if it is not there, and a path of folders within it; the
     * innermost of them.
     */
    public static Path create(Path folder, String... within) {
        Path innermost = folder;
        for (String name : within) {
            innermost = innermost.resolve(name);
        }
        try {
            Files.createDirectories(innermost);
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            return innermost;
        } catch (IOException e) {
            throw failure("make the folder " + innermost, e);
        }
    }

    /** Erases a folder with everything in it, or a file; a missing one is fine. */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            throw failure("erase " + path, e);
        }
    }

    private static MemoryException failure(String what, Exception cause) {
        return new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot " + what + ": " + cause + ".", cause);
    }
}
