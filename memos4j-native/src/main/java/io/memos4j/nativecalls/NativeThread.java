package io.memos4j.nativecalls;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one platform thread on which a native library runs, for libraries that keep state for each thread. Closing waits
 * for the work that was submitted, interrupted or not; so does the exit of the JVM. Thread-safe.
 */
public final class NativeThread implements Executor, AutoCloseable {
    private final ExecutorService executor;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final JvmExitHook hook;
    private volatile Runnable lastStep = () -> {};

    public NativeThread(String name) {
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        this.hook = new JvmExitHook(name, this::shut);
    }

    /** Sets the step that runs last on the thread, to free what lives there. */
    public void atEnd(Runnable step) {
        lastStep = step;
    }

    /**
     * Queues work. Work that was queued before the thread was closed still runs, and may ask {@link #isClosed}.
     *
     * @throws RejectedExecutionException if the thread is closed
     */
    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        hook.close();
    }

    private void shut() {
        if (closed.compareAndSet(false, true)) {
            executor.execute(() -> lastStep.run());
            executor.shutdown();
        }
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
