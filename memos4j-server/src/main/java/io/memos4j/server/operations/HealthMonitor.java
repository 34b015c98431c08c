package io.memos4j.server.operations;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Tells whether an engine can serve, by trying: its storage is read and written on a thread of its own, one trial at a
 * time. Callers wait for it for a bounded time, and share a result that is fresh. Thread-safe.
 */
public final class HealthMonitor {
    /** The time for which a result is passed on. */
    static final Duration FRESH = Duration.ofSeconds(2);

    /** The longest trial of an engine that is ready. */
    static final Duration LONGEST_TRIAL = Duration.ofSeconds(5);

    /** The time without success after which an engine no longer counts as alive; a large change may take some. */
    static final Duration GRACE = Duration.ofMinutes(1);

    private final Runnable probe;
    private final LongSupplier nanos;
    private CompletableFuture<Optional<MemoryException>> trial = CompletableFuture.completedFuture(Optional.empty());
    private long startedAt;
    private volatile long succeededAt;

    /**
     * The result of a check.
     *
     * @param problem the reason for which the engine cannot serve everything; empty if it can
     * @param alive false if a restart is the only way out: nothing was read and written for a while. A full disk is
     *     none, since what is stored can still be read
     */
    public record Verdict(Optional<MemoryException> problem, boolean alive) {
        /** Returns whether everything can be served. */
        public boolean ready() {
            return problem.isEmpty();
        }
    }

    /** @param probe reads and writes; throws if that fails, and may hang */
    public HealthMonitor(Runnable probe) {
        this(probe, System::nanoTime);
    }

    HealthMonitor(Runnable probe, LongSupplier nanos) {
        this.probe = probe;
        this.nanos = nanos;
        this.succeededAt = nanos.getAsLong();
        this.startedAt = succeededAt - FRESH.toNanos();
    }

    /** Checks the engine, or returns the result of a check just before. Waits {@link #LONGEST_TRIAL} at most. */
    public Verdict check() {
        Optional<MemoryException> problem = outcome(trial());
        boolean alive =
                problem.map(HealthMonitor::isPassing).orElse(true) || nanos.getAsLong() - succeededAt < GRACE.toNanos();
        return new Verdict(problem, alive);
    }

    /**
     * Refuses work that must not be half done while nothing can be written.
     *
     * @throws MemoryException with the reason
     */
    public void requireReady() {
        check().problem().ifPresent(problem -> {
            throw new MemoryException(problem.code(), problem.getMessage(), problem);
        });
    }

    private static boolean isPassing(MemoryException problem) {
        return problem.code() == ErrorCode.STORAGE_FULL;
    }

    private synchronized CompletableFuture<Optional<MemoryException>> trial() {
        long now = nanos.getAsLong();
        if (trial.isDone() && now - startedAt >= FRESH.toNanos()) {
            CompletableFuture<Optional<MemoryException>> next = new CompletableFuture<>();
            startedAt = now;
            trial = next;
            Thread.ofPlatform().name("memos4j-health").daemon().start(() -> next.complete(run()));
        }
        return trial;
    }

    private synchronized Duration sinceStart() {
        return Duration.ofNanos(nanos.getAsLong() - startedAt);
    }

    private Optional<MemoryException> run() {
        try {
            probe.run();
            succeededAt = nanos.getAsLong();
            return Optional.empty();
        } catch (MemoryException e) {
            return Optional.of(e);
        } catch (RuntimeException | Error e) {
            return Optional.of(new MemoryException(ErrorCode.INTERNAL, "The trial of the storage failed: " + e, e));
        }
    }

    private Optional<MemoryException> outcome(CompletableFuture<Optional<MemoryException>> running) {
        Duration left = LONGEST_TRIAL.minus(sinceStart());
        try {
            return running.get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.of(new MemoryException(
                    ErrorCode.TIMEOUT,
                    "The storage has not answered for " + sinceStart().toSeconds()
                            + " s. If a large change is running, wait; otherwise restart the process.",
                    e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new MemoryException(ErrorCode.INTERRUPTED, "The check was interrupted.", e));
        } catch (ExecutionException e) {
            throw new IllegalStateException("A trial returns its failures.", e);
        }
    }
}
