package io.memos4j.nativecalls;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Admits native calls, many at once, until it is closed. Closing waits for running calls before it frees what they use;
 * so does the exit of the JVM. Thread-safe.
 */
public final class NativeCallGuard implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String owner;
    private final Runnable release;
    private final JvmExitHook hook;
    private boolean shut;

    /**
     * Creates an open guard.
     *
     * @param owner names the component in messages and thread names, for example {@code embedder}
     * @param release frees the native resources; runs once, after the last call
     */
    public NativeCallGuard(String owner, Runnable release) {
        this.owner = owner;
        this.release = release;
        this.hook = new JvmExitHook("memos4j-" + owner, this::shut);
    }

    /**
     * Runs a native call.
     *
     * @throws MemoryException {@link ErrorCode#CLOSED}
     */
    public <T> T call(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (shut) {
                throw new MemoryException(ErrorCode.CLOSED, "The " + owner + " is closed.");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void shut() {
        lock.writeLock().lock();
        try {
            if (!shut) {
                shut = true;
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        hook.close();
    }
}
