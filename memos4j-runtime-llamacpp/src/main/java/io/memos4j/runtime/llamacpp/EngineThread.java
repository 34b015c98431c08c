package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.nativecalls.NativeThread;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that uses an engine.
 *
 * <p>A llama.cpp context may be used by one thread at a time, and OpenMP keeps a pool of workers for each thread that
 * ever computed. So all callers hand their steps to this thread and wait. A step is short (one batch, one token), so
 * that callers alternate. An interrupted caller withdraws a step that has not begun, and waits for one that has: the
 * engine is never left within a step. Closing, and the exit of the JVM, wait for the running step; queued ones fail.
 */
final class EngineThread implements AutoCloseable {
    static final int MAX_WAITING = 256;

    private final NativeThread thread = new NativeThread("memos4j-llama");
    private final Semaphore places = new Semaphore(MAX_WAITING);

    /** Sets the step that runs last, when the thread is closed. */
    void atEnd(Runnable step) {
        thread.atEnd(step);
    }

    /**
     * Runs a step and waits for its result.
     *
     * @throws MemoryException {@link ErrorCode#RATE_LIMITED}, {@link ErrorCode#INTERRUPTED}, {@link ErrorCode#CLOSED},
     *     or the step's own
     */
    <T> T call(Supplier<T> work) {
        if (!places.tryAcquire()) {
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED,
                    MAX_WAITING + " calls are waiting for the model. Try again when some of them have ended.");
        }
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            return submit(new Step<>(work)).await(true);
        } finally {
            places.release();
        }
    }

    /**
     * Runs a step even if the caller is interrupted. Does nothing if the engine is closed, since everything is freed
     * then.
     */
    void runAlways(Runnable work) {
        try {
            submit(new Step<>(() -> {
                        work.run();
                        return true;
                    }))
                    .await(false);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CLOSED) {
                throw e;
            }
        }
    }

    private <T> Step<T> submit(Step<T> step) {
        try {
            thread.execute(step);
            return step;
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    /** Counts the callers whose step runs or waits. */
    int countCallers() {
        return MAX_WAITING - places.availablePermits();
    }

    void requireOpen() {
        if (thread.isClosed()) {
            throw closed();
        }
    }

    @Override
    public void close() {
        thread.close();
    }

    private static MemoryException closed() {
        return new MemoryException(ErrorCode.CLOSED, "The runtime is closed.");
    }

    private static MemoryException interrupted() {
        return new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the model.");
    }

    /** A piece of work and its outcome. */
    private final class Step<T> implements Runnable {
        private final Supplier<T> work;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable failure;

        Step(Supplier<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!taken.compareAndSet(false, true)) {
                return;
            }
            try {
                requireOpen();
                result = work.get();
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                done.countDown();
            }
        }

        T await(boolean interruptible) {
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (interruptible && taken.compareAndSet(false, true)) {
                        Thread.currentThread().interrupt();
                        throw interrupted();
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return outcome();
        }

        private static MemoryException broken(Throwable failure) {
            return new MemoryException(ErrorCode.INTERNAL, "A step of the engine failed: " + failure, failure);
        }

        private T outcome() {
            switch (failure) {
                case MemoryException e -> throw new MemoryException(e.code(), e.getMessage(), e);
                case OutOfMemoryError e ->
                    throw new MemoryException(
                            ErrorCode.RUNTIME_FAILED, "Out of memory in a step of the engine: " + e.getMessage(), e);
                case RuntimeException e -> throw broken(e);
                case Error e -> throw broken(e);
                case null, default -> {}
            }
            if (result == null) {
                throw new AssertionError("A step has an outcome.");
            }
            return result;
        }
    }
}
