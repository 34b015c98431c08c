package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets native calls in until it is shut, and shuts only when none is running.
 *
 * <p>A JVM that exits while a thread is inside the native runtime crashes; so the gate is also shut by a shutdown hook,
 * which makes the exit wait for what runs.
 */
final class RunGate implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Runnable release;
    private final InferenceTask task;
    private final Thread hook;
    private boolean shut;

    /** A gate; {@code release} runs once, when it has shut. */
    RunGate(InferenceTask task, Runnable release) {
        this.task = task;
        this.release = release;
        this.hook = new Thread(this::shut, "memos4j-" + task.actorName() + "-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs {@code work} inside. Many may be inside at once. */
    <T> T enter(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (shut) {
                throw new MemoryException(ErrorCode.CLOSED, "The " + task.actorName() + " is closed.");
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
        shut();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already exiting; the hook finds the gate shut.
        }
    }
}
