package io.memos4j.cli.adapters;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Stops long work gracefully when the process is told to end: the work polls {@link #requested}, and is interrupted
 * only if it does not end by itself.
 */
final class GracefulStop {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Thread> worker = Optional.empty();
    private volatile boolean requested;

    /** Returns true once the work should end. */
    boolean requested() {
        return requested;
    }

    /** Runs the work on this thread, once. */
    <T> T run(Supplier<T> work) {
        worker = Optional.of(Thread.currentThread());
        try {
            return work.get();
        } finally {
            ended.countDown();
        }
    }

    /** Asks the work to end and waits for it, interrupting it once if it takes too long. */
    void request() {
        requested = true;
        worker.ifPresent(thread -> {
            if (!awaitEnd()) {
                thread.interrupt();
                awaitEnd();
            }
        });
    }

    private boolean awaitEnd() {
        try {
            return ended.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
