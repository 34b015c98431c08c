package io.memos4j.server.operations;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes backups of a running server and deletes old ones. Clients choose neither location nor name. Thread-safe;
 * backups run one by one.
 */
public final class BackupFolder {
    /** The default, within the data directory. */
    private static final String USUAL = "backups";

    private static final Pattern NAME = Pattern.compile("memos-\\d{8}T\\d{9}Z\\.db");
    private static final Pattern UNFINISHED = Pattern.compile(NAME + "\\.part");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Optional<Path> directory;
    private final int keep;
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * A completed backup.
     *
     * @param file its name in the folder
     */
    public record Backup(String file, long bytes, Instant taken) {}

    /**
     * @param directory {@code backups} in the data directory if empty
     * @param keep how many of the newest backups are kept; 0 for all
     */
    public BackupFolder(Optional<Path> directory, int keep) {
        this.directory = directory;
        this.keep = keep;
    }

    /** Writes a backup of a running engine, then deletes surplus old ones. */
    public Backup write(MemOs memos) {
        Path folder = directory.orElseGet(() -> memos.directory().resolve(USUAL));
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The backup was interrupted before it began.", e);
        }
        try {
            PrivateFiles.createDirectory(folder);
            remove(files(folder, UNFINISHED.asMatchPredicate())); // Left behind by a killed process.
            Instant taken = Instant.now();
            Path file = folder.resolve("memos-" + TIME.format(taken) + ".db");
            memos.backup(file);
            List<Path> present = files(folder, NAME.asMatchPredicate());
            remove(keep == 0 ? List.of() : present.subList(0, Math.max(0, present.size() - keep)));
            return new Backup(file.getFileName().toString(), Files.size(file), taken);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot write to the backup folder: " + e + ". Check the disk and backup.directory.",
                    e);
        } finally {
            turn.unlock();
        }
    }

    /** Lists files by name, which is oldest first. */
    private static List<Path> files(Path folder, Predicate<String> named) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> named.test(file.getFileName().toString()))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static void remove(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
