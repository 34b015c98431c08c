package io.memos4j.core.tasks;

import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultWriter;
import java.util.function.Function;
import java.util.function.Supplier;

/** A run of a task under a lease. Confined to the thread that runs it. */
public interface TaskRun {
    /**
     * Reads the cube.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#CUBE_NOT_FOUND} if it is gone
     */
    CubeRow cube();

    Task task();

    /**
     * Changes the cube in one transaction, in the name of the task.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#LEASE_LOST} if the task was cancelled
     *     or taken over; nothing was changed then
     */
    <T> T commit(Function<VaultWriter, T> step);

    /** Sets the progress; written with the next commit. */
    void progress(long done, long total);

    /**
     * Waits for something outside, such as the answer of a language model. A run that has become useless is
     * interrupted, but only here: elsewhere an interrupt would close the files of an index.
     *
     * @throws io.memos4j.api.MemoryException as {@code wait} does, and like {@link #check}
     */
    <T> T runInterruptibly(Supplier<T> wait);

    /**
     * Checks that the run is still wanted. To be called between long steps that do not commit.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#LEASE_LOST} or
     *     {@link io.memos4j.api.ErrorCode#CLOSED} if it is not
     */
    void check();
}
