package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.cube.IndexOperations;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs periodic maintenance: commits open indexes, so that a restart has little to repeat, removes old idempotency
 * answers and ended tasks, and compacts what was erased. The removal also runs at the start, for processes that never
 * live long. Thread-safe.
 */
final class MaintenanceTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceTimer.class);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

    /** The pause in which erasures gather that one compaction makes final. */
    private static final Duration COMPACT_EVERY = Duration.ofMinutes(30);

    /** For erasures that the former process left, which may never live long. */
    private static final Duration COMPACT_FIRST = Duration.ofMinutes(1);

    /** The time for which a repeated request with the same key is recognized. */
    private static final Duration ANSWERS_KEPT = Duration.ofDays(7);

    /** Kinds of tasks that follow every add or search; their results are of interest for a short time only. */
    private static final Set<TaskKind> ROUTINE = EnumSet.of(TaskKind.EMBED, TaskKind.PRELOAD);

    private static final Duration ROUTINE_KEPT = Duration.ofHours(1);

    /** The time for which other ended tasks can be looked up. */
    private static final Duration TASKS_KEPT = Duration.ofDays(1);

    /** The time for which dead tasks are kept, for inspection and replay. */
    private static final Duration DEAD_KEPT = Duration.ofDays(30);

    /** Kinds of tasks whose dead ones may go. Those that extract name messages that are still unread. */
    private static final Set<TaskKind> FORGETTABLE = EnumSet.complementOf(EnumSet.of(TaskKind.EXTRACT));

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memos4j-housekeeping").daemon().factory());

    MaintenanceTimer(Vault vault, CubeIndexManager indexes, IndexOperations indexing, Clock clock) {
        every(COMMIT_EVERY, COMMIT_EVERY, "commit of the open indexes", indexes::commit);
        every(
                Duration.ZERO,
                FORGET_EVERY,
                "removal of old idempotency keys and tasks",
                () -> vault.write(writer -> forget(writer, clock.instant())));
        every(COMPACT_FIRST, COMPACT_EVERY, "compaction after erasures", indexing::compactErased);
    }

    private static int forget(VaultWriter writer, Instant now) {
        writer.deleteAnswers(now.minus(ANSWERS_KEPT));
        writer.tasks().correctFuture(now.plus(MonotonicClock.TOLERANCE), now);
        Set<TaskKind> all = EnumSet.allOf(TaskKind.class);
        return writer.tasks().deleteEnded(ROUTINE, Set.of(TaskState.DONE), now.minus(ROUTINE_KEPT))
                + writer.tasks().deleteEnded(all, Set.of(TaskState.DONE, TaskState.CANCELLED), now.minus(TASKS_KEPT))
                + writer.tasks().deleteEnded(FORGETTABLE, Set.of(TaskState.DEAD), now.minus(DEAD_KEPT));
    }

    /** Runs work again and again; a failure is logged and does not end it. */
    void every(Duration first, Duration period, String what, Runnable work) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (MemoryException e) {
                        LOG.warn("The {} failed and will be retried: {}", what, e.getMessage());
                    } catch (RuntimeException | Error e) {
                        LOG.warn("The {} failed and will be retried", what, e);
                    }
                },
                first.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Waits for running maintenance and stops. */
    @Override
    public void close() {
        timer.close();
    }
}
