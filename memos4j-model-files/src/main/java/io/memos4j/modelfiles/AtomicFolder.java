package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Writes folders atomically: a folder is filled beside its place and then moved there. */
public final class AtomicFolder {
    /** Writes the files. */
    @FunctionalInterface
    public interface FolderWriter {
        void write(Path folder) throws IOException;
    }

    private AtomicFolder() {}

    /** Refuses a path that exists. */
    public static void requireAbsent(Path place) {
        if (Files.exists(place)) {
            throw MemoryException.invalid("The folder " + place + " exists already. Name one that does not.");
        }
    }

    /** Creates the folder, or nothing if writing fails. */
    public static void write(Path place, FolderWriter filling) {
        try {
            Path parent = place.toAbsolutePath().getParent();
            Files.createDirectories(parent);
            Path beside = Files.createTempDirectory(parent, "." + place.getFileName() + "-");
            try {
                filling.write(beside);
                for (Path file : files(beside)) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
                Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                if (Files.exists(beside)) {
                    for (Path file : files(beside)) {
                        Files.delete(file);
                    }
                    Files.delete(beside);
                }
            }
        } catch (ClosedByInterruptException e) {
            throw new MemoryException(
                    ErrorCode.INTERRUPTED, "Interrupted while the folder " + place + " was written.", e);
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write the folder " + place + ": " + e, e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
