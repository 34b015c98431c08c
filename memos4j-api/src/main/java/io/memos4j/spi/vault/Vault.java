package io.memos4j.spi.vault;

import io.memos4j.api.Actor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The durable truth: cubes, items with every version, passages with their vectors. Thread-safe.
 *
 * <p>Everything fails with {@link io.memos4j.api.MemoryException}: {@link io.memos4j.api.ErrorCode#STORAGE_FULL},
 * {@link io.memos4j.api.ErrorCode#STORAGE_FAILED}, {@link io.memos4j.api.ErrorCode#CORRUPT},
 * {@link io.memos4j.api.ErrorCode#CLOSED} or {@link io.memos4j.api.ErrorCode#INTERRUPTED}.
 */
public interface Vault extends AutoCloseable {
    /** Runs {@code work} on a consistent snapshot that contains every write acknowledged before. */
    <T> T read(Function<VaultReader, T> work);

    /** Writes in the name of {@link Actor#USER}. */
    default <T> T write(Function<VaultWriter, T> work) {
        return write(Actor.USER, work);
    }

    /** Writes in the name of {@link Actor#USER}, without a result. */
    default void change(Consumer<VaultWriter> work) {
        write(writer -> {
            work.accept(writer);
            return true;
        });
    }

    /**
     * Runs {@code work} alone, all or nothing: if it throws, none of its changes remain and the exception is passed on.
     * When this method returns, the changes survive a crash of process and machine. Concurrent calls share one flush to
     * disk.
     *
     * <p>An interrupt while waiting is answered with {@link io.memos4j.api.ErrorCode#INTERRUPTED}; if the work has
     * already begun it is waited for, and the interrupt stays set. The writer may not be used after the method
     * returned.
     *
     * @param actor the author of the versions that are made
     */
    <T> T write(Actor actor, Function<VaultWriter, T> work);

    /**
     * Rewrites the storage so that no byte of erased content is left, and gives free space back to the file system. One
     * at a time; calls that come meanwhile share the next one.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#TIMEOUT} if running reads did not end
     *     in time; something erased may be left then
     */
    void compact();

    /**
     * Reads and durably writes, without leaving a trace. Fails as reads and writes do; one that hangs hangs this, too,
     * except that a compaction is not waited for.
     */
    void probe();

    /** Looks the whole storage over; one sentence for each damage found, none if it is sound. */
    List<String> verify();

    /**
     * Writes a consistent copy of everything acknowledged before the call into one new file, while others read and
     * write.
     *
     * <p>The file appears when it is complete and durable, never before. The search indexes are not in it: they follow
     * from the vault. {@link VaultProvider#restore} makes a vault of it.
     *
     * @param file in an existing directory
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is such a
     *     file already
     */
    void backup(Path file);

    /** Bytes on disk. */
    long bytes();

    /** Finishes running work, then releases everything. */
    @Override
    void close();
}
