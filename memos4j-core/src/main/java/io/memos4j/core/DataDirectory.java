package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.spi.vault.VaultProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates data directories, keeps them from other users of the machine, and checks that they are whole. */
final class DataDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    /** The folders that a vault leaves beside itself as soon as it holds something. */
    private static final List<String> BESIDE_VAULT = List.of("index", "activation", "adapters");

    private DataDirectory() {}

    /**
     * Creates a data directory that only the current user may open. An existing one that others may open is closed to
     * them, with a notice in the log; one whose permissions cannot be changed is used as it is, with a warning.
     */
    static void prepare(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                PrivateFiles.createDirectory(directory);
            } else if (PrivateFiles.isOpenToOthers(directory)) {
                closeToOthers(directory);
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot create data directory " + directory + ": " + e + ". Check the path and its permissions.",
                    e);
        }
    }

    private static void closeToOthers(Path directory) {
        if (PrivateFiles.restrict(directory)) {
            LOG.info("Data directory {} could be opened by other users; its permissions are 0700 now", directory);
        } else {
            LOG.warn(
                    "Data directory {} can be opened by other users, and its permissions cannot be changed. Let its"
                            + " owner run chmod 700 on it.",
                    directory);
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.forEach(PrivateFiles::restrict);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Some files in data directory {} may still be open to other users: {}", directory, e.toString());
        }
    }

    /**
     * Refuses a directory whose vault is gone: it would open as a new empty memory.
     *
     * @throws MemoryException with {@link ErrorCode#VAULT_MISSING}
     */
    static void requireVault(Path directory, VaultProvider provider) {
        if (provider.exists(directory)) {
            return;
        }
        for (String name : BESIDE_VAULT) {
            Path folder = directory.resolve(name);
            if (isFilled(folder)) {
                throw new MemoryException(
                        ErrorCode.VAULT_MISSING,
                        "Data directory " + directory + " has files in " + name + ", but its vault memos.db is missing"
                                + " or empty. Put the vault back, or restore a backup into a new directory: memos4j"
                                + " restore FILE --data NEWDIR. To start without the former memories, choose a new"
                                + " directory.");
            }
        }
    }

    private static boolean isFilled(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot list " + folder + ": " + e + ". Check its permissions.", e);
        }
    }
}
