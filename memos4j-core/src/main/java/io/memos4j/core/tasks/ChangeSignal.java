package io.memos4j.core.tasks;

import java.time.Duration;

/** Lets threads wait until something may have changed. Thread-safe. */
public final class ChangeSignal {
    private long given;

    /** Wakes all waiting threads. Never blocks for long. */
    public synchronized void fire() {
        given++;
        notifyAll();
    }

    /** Returns the number of signals so far. Read it before checking what may change. */
    public synchronized long count() {
        return given;
    }

    /** Waits for more signals than {@code seen}, at most for the timeout. */
    public synchronized void await(long seen, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (given == seen) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
