package io.memos4j.core.tasks;

import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultWriter;
import java.util.function.Function;
import java.util.function.Supplier;

/** One run of a task under a lease. Used by the thread that runs it. */
public interface TaskRun {
    /**
     * The cube as it is now.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#CUBE_NOT_FOUND} if it is gone
     */
    CubeRow cube();

    Task task();

    /**
     * Changes the cube in the name of the task.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#LEASE_LOST} if the task was cancelled
     *     or taken over, and then nothing was changed
     */
    <T> T commit(Function<VaultWriter, T> step);

    /** Says how far the run has come; written with the next commit. */
    void progress(long done, long total);

    /**
     * Waits for something outside, for the answer of a language model for example. When the run becomes useless its
     * thread is interrupted, but only here: an interrupt would close the files of an index.
     *
     * @throws io.memos4j.api.MemoryException as {@code wait} does, and like {@link #check}
     */
    <T> T runInterruptibly(Supplier<T> wait);

    /**
     * To be asked between long steps that do not commit.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#LEASE_LOST} if the run has become
     *     useless
     */
    void check();
}
