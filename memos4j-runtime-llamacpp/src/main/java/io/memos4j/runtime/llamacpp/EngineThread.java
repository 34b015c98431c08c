package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches an engine.
 *
 * <p>A llama.cpp context may be used by one thread at a time, and OpenMP keeps a pool of workers for each thread that
 * ever computed. So all callers hand their steps to this thread and wait. A step is short (one batch, one token), so
 * that callers take turns. A caller that is interrupted withdraws a step that has not begun, and waits for one that
 * has: the engine is never left within a step.
 *
 * <p>A JVM that exits while native code computes may crash, so its exit closes the thread first.
 */
final class EngineThread implements AutoCloseable {
    static final int MAX_WAITING = 256;

    private final ExecutorService executor;
    private final Semaphore places = new Semaphore(MAX_WAITING);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::shut, "memos4j-llama-shutdown");
    private volatile Runnable last = () -> {};

    EngineThread() {
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("memos4j-llama").daemon().factory());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Names the last step. */
    void atEnd(Runnable step) {
        last = step;
    }

    /** Runs a step of a caller. */
    <T> T call(Supplier<T> work) {
        if (!places.tryAcquire()) {
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED,
                    MAX_WAITING + " calls wait for the model already. Try again when some have ended.");
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
     * Runs a step that must be taken whatever happens to its caller; nothing if the engine is closed, since all is gone
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
            executor.execute(step);
            return step;
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    /** Callers that have a place, whether their step runs or waits. */
    int countCallers() {
        return MAX_WAITING - places.availablePermits();
    }

    void requireOpen() {
        if (closed.get()) {
            throw closed();
        }
    }

    @Override
    public void close() {
        shut();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already exiting; the hook finds the thread shut.
        }
    }

    private void shut() {
        if (closed.compareAndSet(false, true)) {
            executor.execute(() -> last.run());
            executor.shutdown();
        }
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static MemoryException closed() {
        return new MemoryException(ErrorCode.CLOSED, "The runtime is closed.");
    }

    private static MemoryException interrupted() {
        return new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while the model was to compute.");
    }

    /** One piece of work, its place in the queue and its outcome. */
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
                            ErrorCode.RUNTIME_FAILED, "Memory is short for a step of the engine: " + e.getMessage(), e);
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
