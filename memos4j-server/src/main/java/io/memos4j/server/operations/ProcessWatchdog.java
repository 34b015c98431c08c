package io.memos4j.server.operations;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process that cannot serve any more, so that whatever supervises it starts another one: nothing that was
 * acknowledged is lost by that. Runs on a daemon thread until it is closed.
 */
public final class ProcessWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessWatchdog.class);

    private static final Duration LOGGING = Duration.ofSeconds(1);

    private final HealthMonitor monitor;
    private final Schedule schedule;
    private final Runnable end;
    private final Thread thread;

    /**
     * The times of a watchdog.
     *
     * @param every the pause between two checks
     * @param patience the time for which the process may stay dead: longer than any change takes
     */
    public record Schedule(Duration every, Duration patience) {
        /** Every 10 s; 9 minutes after the minute of the {@link HealthMonitor}. */
        public static final Schedule DEFAULT = new Schedule(Duration.ofSeconds(10), Duration.ofMinutes(9));
    }

    /** @param end ends the process, without waiting for anything */
    public ProcessWatchdog(HealthMonitor monitor, Schedule schedule, Runnable end) {
        this.monitor = monitor;
        this.schedule = schedule;
        this.end = end;
        this.thread = Thread.ofPlatform().name("memos4j-watchdog").daemon().start(this::run);
    }

    private void run() {
        long aliveAt = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(schedule.every);
                HealthMonitor.Verdict verdict = monitor.check();
                if (verdict.alive()) {
                    aliveAt = System.nanoTime();
                } else if (System.nanoTime() - aliveAt >= schedule.patience.toNanos()) {
                    // Not on this thread: what keeps the process from serving may be its log.
                    Thread.ofPlatform().daemon().start(() -> log(verdict)).join(LOGGING);
                    end.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void log(HealthMonitor.Verdict verdict) {
        verdict.problem()
                .ifPresent(problem -> LOG.error(
                        "The process can no longer serve and is ended; nothing that was acknowledged is lost: {}",
                        problem.getMessage()));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
