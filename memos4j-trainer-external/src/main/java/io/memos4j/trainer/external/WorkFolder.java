package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fresh folder for one training, readable by this user only (mode 700). Closing removes it with its contents. */
final class WorkFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
    private static final String PREFIX = "memos4j-training-";

    /** Writes files. */
    @FunctionalInterface
    interface Filling {
        void write() throws IOException;
    }

    private final Path path;

    private WorkFolder(Path path) {
        this.path = path;
    }

    /** Creates a folder in {@code parent}, by default the system's folder for temporary files. */
    static WorkFolder in(Optional<Path> parent) {
        try {
            if (parent.isEmpty()) {
                return new WorkFolder(Files.createTempDirectory(PREFIX).toRealPath());
            }
            Files.createDirectories(parent.get());
            return new WorkFolder(
                    Files.createTempDirectory(parent.get(), PREFIX).toRealPath());
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot create a working folder for a training: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    void fill(Filling filling) {
        try {
            filling.write();
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot write the working folder of a training, " + path + ": " + e, e);
        }
    }

    /** Sums the sizes of all files below a folder; does not follow links, and skips files that disappear. */
    static long bytes(Path folder) {
        long[] sum = {0};
        walk(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    private static boolean walk(Path folder, SimpleFileVisitor<Path> visitor) {
        try {
            Files.walkFileTree(folder, visitor);
            return true;
        } catch (IOException e) {
            LOG.debug("Not all of {} could be visited.", folder, e);
            return false;
        }
    }

    @Override
    public void close() {
        boolean gone = walk(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        if (!gone) {
            LOG.warn(
                    "The working folder {} of a training could not be removed; it holds training data. Remove it.",
                    path);
        }
    }
}
