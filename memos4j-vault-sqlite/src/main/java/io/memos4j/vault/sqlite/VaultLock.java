package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock that keeps a second writer from a vault even if the lock file of its directory was removed: it lies on a
 * byte of the vault itself, far behind its end and behind the bytes that SQLite locks.
 *
 * <p>POSIX gives up all locks of a process on a file when the process closes any descriptor of it. The lock is
 * therefore acquired after SQLite's first connection and released after its last one, and a vault that this process has
 * locked already is refused before it is opened a second time.
 */
final class VaultLock implements AutoCloseable {
    private static final long LOCKED_BYTE = 1L << 62;
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Object key;
    private final FileChannel channel;

    private VaultLock(Path file, Object key, FileChannel channel) {
        this.file = file;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Acquires the lock.
     *
     * @throws MemoryException with {@link ErrorCode#DIRECTORY_LOCKED} if it is held, here or in another process
     */
    static VaultLock acquire(Path file) {
        try {
            Object key = Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class)
                            .fileKey())
                    .orElse(file.toRealPath());
            if (!HELD.add(key)) {
                throw locked(file);
            }
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                    channel.close();
                    throw locked(file);
                }
                return new VaultLock(file, key, channel);
            } catch (OverlappingFileLockException e) {
                // Another class loader of this process has it open; the channel stays open, or its locks would go.
                HELD.remove(key);
                throw locked(file);
            } catch (IOException | RuntimeException e) {
                HELD.remove(key);
                throw e;
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot lock vault " + file + ": " + e + ". Check its permissions.", e);
        }
    }

    private static MemoryException locked(Path file) {
        return new MemoryException(
                ErrorCode.DIRECTORY_LOCKED,
                "Vault " + file + " is in use by another process, or twice by this one, although memos.lock is free:"
                        + " that file was removed or replaced. Stop the other process, or choose another directory.");
    }

    @Override
    public void close() {
        HELD.remove(key);
        try {
            channel.close();
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot release the lock of vault " + file + ".", e);
        }
    }
}
