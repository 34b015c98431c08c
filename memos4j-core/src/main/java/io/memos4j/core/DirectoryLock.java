package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The lock that gives one process at a time the use of a data directory. The operating system releases it when the
 * process ends, in whatever way. The text of the file names the holder, for the error of those who are refused. Should
 * somebody remove the file, the vault's own lock still keeps a second writer out.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "memos.lock";

    /** The locked byte lies far behind the text, since some systems do not let others read locked bytes. */
    private static final long LOCKED_BYTE = 1 << 20;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Acquires the lock.
     *
     * @throws MemoryException with {@link ErrorCode#DIRECTORY_LOCKED} if another process, or another engine of this
     *     one, holds it
     */
    static DirectoryLock acquire(Path directory) {
        DataDirectory.prepare(directory);
        Path file = directory.resolve(FILE);
        try {
            PrivateFiles.createFile(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (tryLock(channel).isEmpty()) {
                    String holder = read(channel);
                    throw new MemoryException(
                            ErrorCode.DIRECTORY_LOCKED,
                            "Data directory " + directory + " is in use by "
                                    + (holder.isEmpty() ? "another process" : holder)
                                    + ". Stop it, talk to it instead, or choose another directory.");
                }
                write(channel, holder());
                return new DirectoryLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot lock data directory " + directory + ": " + e + ". Check that it is writable.",
                    e);
        }
    }

    /** Returns whether a file is the lock of its directory. */
    static boolean isLockFile(Path file) {
        return file.endsWith(FILE);
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock(LOCKED_BYTE, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private static String holder() {
        ProcessHandle process = ProcessHandle.current();
        String since = process.info().startInstant().map(Instant::toString).orElse("an unknown time");
        String user = process.info().user().orElse("an unknown user");
        return "process " + process.pid() + " of " + user + ", running since " + since;
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(512);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED, "Cannot release the lock of the data directory: " + e, e);
        }
    }
}
