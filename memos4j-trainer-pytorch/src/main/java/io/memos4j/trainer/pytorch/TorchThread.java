package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.nativecalls.NativeThread;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * The one thread on which libtorch computes.
 *
 * <p>libtorch keeps modes and a pool of workers for each platform thread, so work must not move between threads as a
 * virtual thread does. An interrupted caller asks the work to stop and waits until it has: native code is never left
 * running. The exit of the JVM waits for it too.
 */
final class TorchThread implements AutoCloseable {
    static {
        // JavaCPP's bound on the memory of the whole process would count a model that is open in llama.cpp, and abort a
        // training because of it.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
    }

    /** Work that asks now and then whether to stop. */
    @FunctionalInterface
    interface Work<T> {
        T run(BooleanSupplier stopped);
    }

    private final int threads;
    private final NativeThread thread;

    TorchThread(String name, int threads) {
        this.threads = threads;
        this.thread = new NativeThread(name);
    }

    /** Runs work and waits until it has ended. */
    <T> T call(Work<T> work) {
        AtomicBoolean stop = new AtomicBoolean();
        FutureTask<T> result = new FutureTask<>(() -> scoped(work, () -> stop.get() || thread.isClosed()));
        try {
            thread.execute(result);
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

    /** Limits OpenBLAS too: its own threads spin, which made steps sixteen times slower beside other work. */
    private void setThreads() {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }

    /**
     * Wraps failures of native code, which come as bare runtime exceptions or errors; exceptions of callers stay as
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
        thread.close();
    }
}
