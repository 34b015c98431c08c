package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Copies of a vault in one file, and vaults from such copies.
 *
 * <p>{@code VACUUM INTO} reads one snapshot beside all readers and the writer and writes it without free pages. Either
 * way the file grows under a name of its own and takes its place when it is whole and on the disk, so that a crash
 * leaves none that is half there.
 */
final class SqliteBackup {
    private static final String UNFINISHED = ".part";

    private SqliteBackup() {}

    /** Writes what {@code vault} holds into {@code file}. */
    static void write(Supplier<SqlConnection> vault, Path file) {
        if (Files.exists(file)) {
            throw MemoryException.invalid("There is a file " + file + " already. Choose another name for the backup.");
        }
        Path part = unfinished(file);
        try {
            delete(part);
            try (SqlConnection sql = vault.get()) {
                PrivateFiles.createFile(part);
                sql.update("VACUUM INTO ?", part.toString());
            }
            publish(part, file);
        } catch (IOException e) {
            throw failed("Cannot write backup " + file, e);
        } finally {
            delete(part);
        }
    }

    /** Creates the vault {@code vault}, which must not exist yet, from a backup. */
    static void restore(Path file, Path vault) {
        Path part = unfinished(vault);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) == 0) {
                throw corrupt("There is no backup in " + file + ". Give the file that a backup has written.");
            }
            delete(part);
            PrivateFiles.createFile(part);
            try (OutputStream copy = Files.newOutputStream(part)) {
                Files.copy(file, copy);
            }
            check(file, part);
            publish(part, vault);
        } catch (IOException e) {
            throw failed("Cannot restore backup " + file + " to " + vault, e);
        } finally {
            delete(part);
        }
    }

    /** A file of no format at all would become an empty vault by being opened as one. */
    private static void check(Path file, Path part) {
        try (SqlConnection sql = SqliteVault.connect(part)) {
            if (sql.number("PRAGMA user_version") == 0) {
                throw corrupt("File " + file + " is no backup of a vault. Give the file that a backup has written.");
            }
        }
        try (SqliteVault copy = SqliteVault.open(part, Long.MAX_VALUE)) {
            List<String> damage = copy.verify();
            if (!damage.isEmpty()) {
                throw corrupt("Backup " + file + " is damaged; use another one. " + damage.getFirst());
            }
        }
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    /** Gives a whole file its name, durably. */
    private static void publish(Path part, Path file) throws IOException {
        flush(part, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        flush(Objects.requireNonNull(file.toAbsolutePath().getParent()), StandardOpenOption.READ);
    }

    private static void flush(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static void delete(Path part) {
        try {
            for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
                Files.deleteIfExists(part.resolveSibling(part.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw failed("Cannot remove the unfinished file " + part, e);
        }
    }

    private static MemoryException corrupt(String message) {
        return new MemoryException(ErrorCode.CORRUPT, message);
    }

    private static MemoryException failed(String what, IOException cause) {
        return new MemoryException(
                ErrorCode.STORAGE_FAILED, what + ": " + cause + ". Check the disk and the permissions.", cause);
    }
}
