package io.memos4j.core.tasks;

import java.time.Duration;

/** Lets threads wait until something may have changed. Thread-safe. */
public final class ChangeSignal {
    private long given;

    /** Wakes everybody. Never blocks for long. */
    public synchronized void fire() {
        given++;
        notifyAll();
    }

    /** How often it was given; to be read before looking at what may change. */
    public synchronized long count() {
        return given;
    }

    /** Waits until it was given more often than {@code seen}, at most this long. */
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
