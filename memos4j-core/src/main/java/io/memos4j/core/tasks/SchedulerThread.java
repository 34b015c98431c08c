package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs due tasks in a loop: after each change, when the next task becomes due, and often enough to extend leases. */
public final class SchedulerThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerThread.class);

    /** The longest wait: leases last three times as long, and clocks may jump. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** The pause that lets one turn answer many signals in a row. */
    private static final Duration BETWEEN_TURNS = Duration.ofMillis(2);

    /** The pause after a failed turn; doubled after each further one. */
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final TaskScheduler scheduler;
    private final Clock clock;
    private final ExecutorService executor;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param executor the one of the scheduler; closed with this
     */
    public SchedulerThread(TaskScheduler scheduler, Clock clock, ExecutorService executor) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.executor = executor;
        this.thread = Thread.ofPlatform().name("memos4j-scheduler").daemon().start(this::run);
    }

    private void run() {
        Duration pause = BETWEEN_TURNS;
        while (!closed) {
            long seen = scheduler.changeSignal().count();
            Duration wait = Duration.ZERO;
            try {
                scheduler.runDueTasks();
                pause = BETWEEN_TURNS;
                wait = timeUntilNext();
            } catch (RuntimeException | Error e) {
                if (closed || isShutdown(e)) {
                    return;
                }
                LOG.warn("The scheduler failed and will try again", e);
                pause = backOff(pause);
            }
            try {
                Thread.sleep(pause);
                scheduler.changeSignal().await(seen, wait);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static boolean isShutdown(Throwable failure) {
        return failure instanceof MemoryException e
                && (e.code() == ErrorCode.CLOSED || e.code() == ErrorCode.INTERRUPTED);
    }

    private static Duration backOff(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        Duration atLeast = twice.compareTo(AFTER_FAILURE) < 0 ? AFTER_FAILURE : twice;
        return atLeast.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atLeast;
    }

    private Duration timeUntilNext() {
        Instant now = clock.instant();
        Duration until =
                scheduler.nextEvent().map(at -> Duration.between(now, at)).orElse(LONGEST_WAIT);
        Duration bounded = until.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : until;
        return bounded.isNegative() ? Duration.ofMillis(1) : bounded.plusMillis(1);
    }

    /** Starts no more tasks and waits for running ones; those that cannot finish are put back. */
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
