package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * The one thread on which an engine computes.
 *
 * <p>libtorch keeps its modes and its pool of workers for each thread of the system, so that work must not wander with
 * a virtual thread. A caller that is interrupted asks the work to stop and waits until it did: native code is never
 * left behind. The exit of the JVM waits for it too.
 */
final class TorchThread implements AutoCloseable {
    static {
        // JavaCPP's bound on the memory of the whole process would count a model that is open in llama.cpp, and end a
        // training for it.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
    }

    /** Work that looks now and then whether it should stop. */
    @FunctionalInterface
    interface Work<T> {
        T run(BooleanSupplier stopped);
    }

    private final int threads;
    private final ExecutorService executor;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::shut, "memos4j-torch-shutdown");

    TorchThread(String name, int threads) {
        this.threads = threads;
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs work and waits for its end. */
    <T> T call(Work<T> work) {
        AtomicBoolean stop = new AtomicBoolean();
        Future<T> result;
        try {
            result = executor.submit(() -> scoped(work, () -> stop.get() || closed.get()));
        } catch (RejectedExecutionException e) {
            throw new MemoryException(ErrorCode.CLOSED, "The model is closed. Open it again.", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop.set(true);
                }
            }
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T scoped(Work<T> work, BooleanSupplier stopped) {
        try (PointerScope scope = new PointerScope()) {
            setThreads();
            return work.run(stopped);
        }
    }

    /** OpenBLAS has threads of its own, which spin too: where other work runs, that made steps sixteen times slower. */
    private void setThreads() {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }

    /**
     * Failures of native code come as bare runtime exceptions or errors; others are those of callers, and stay what
     * they are.
     */
    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof RuntimeException known && known.getClass() != RuntimeException.class) {
            return known;
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new MemoryException(
                ErrorCode.RUNTIME_FAILED,
                "libtorch failed: " + cause.getClass().getSimpleName() + ": " + reason
                        + ". If it lacks memory, use smaller batches; if its library is missing, see the README of"
                        + " memos4j-trainer-pytorch.",
                cause);
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
        closed.set(true);
        executor.shutdown();
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
}
