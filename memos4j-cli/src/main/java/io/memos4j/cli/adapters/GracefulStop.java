package io.memos4j.cli.adapters;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets long work end at a good place when the process is told to end: the work looks at {@link #requested}, and is
 * interrupted only if it does not come to an end by itself.
 */
final class GracefulStop {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Thread> worker = Optional.empty();
    private volatile boolean requested;

    /** Whether the work is to end. */
    boolean requested() {
        return requested;
    }

    /** Does the work on this thread, once. */
    <T> T run(Supplier<T> work) {
        worker = Optional.of(Thread.currentThread());
        try {
            return work.get();
        } finally {
            ended.countDown();
        }
    }

    /** Has the work end, and returns when it has, or does not hear. */
    void request() {
        requested = true;
        worker.ifPresent(thread -> {
            if (!ends()) {
                thread.interrupt();
                ends();
            }
        });
    }

    private boolean ends() {
        try {
            return ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
