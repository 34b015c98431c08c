package io.memos4j.core.scheduler;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a scheduler turning: whenever something changed, when the next task is due, and now and then to extend leases. */
public final class SchedulerThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerThread.class);

    /** Often enough for leases, which last three times as long, and after jumps of the clock. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Many signals in a row are answered by one turn; the first after a while at once. */
    private static final Duration BETWEEN_TURNS = Duration.ofMillis(2);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final Scheduler scheduler;
    private final Clock clock;
    private final ExecutorService executor;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param executor that of the scheduler; closed with this
     */
    public SchedulerThread(Scheduler scheduler, Clock clock, ExecutorService executor) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.executor = executor;
        this.thread = Thread.ofPlatform().name("memos4j-scheduler").daemon().start(this::run);
    }

    private void run() {
        while (!closed) {
            try {
                long seen = scheduler.changed().seen();
                scheduler.turn();
                Thread.sleep(BETWEEN_TURNS);
                scheduler.changed().await(seen, untilNext());
            } catch (InterruptedException e) {
                return;
            } catch (MemoryException e) {
                if (closed || e.code() == ErrorCode.CLOSED || e.code() == ErrorCode.INTERRUPTED) {
                    return;
                }
                LOG.warn("Background tasks wait for another try: {}", e.getMessage());
                if (!paused()) {
                    return;
                }
            }
        }
    }

    private Duration untilNext() {
        Instant now = clock.instant();
        Duration until =
                scheduler.nextEvent().map(at -> Duration.between(now, at)).orElse(LONGEST_WAIT);
        Duration bounded = until.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : until;
        return bounded.isNegative() ? Duration.ofMillis(1) : bounded.plusMillis(1);
    }

    private boolean paused() {
        try {
            Thread.sleep(AFTER_FAILURE);
            return !closed;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Begins nothing more and waits for what runs; what could not finish is put back. */
    @Override
    public void close() {
        closed = true;
        scheduler.stop();
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        executor.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
