package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskState;
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
 * What is done now and then: commits open indexes, so that a restart repeats little, and forgets old idempotency
 * answers and tasks that ended; these at the start too, for processes that never live long.
 */
public final class MaintenanceTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceTimer.class);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

    /** How long a repeated request with the same key is recognised. */
    private static final Duration ANSWERS_KEPT = Duration.ofDays(7);

    /** What follows every add and search has nothing to tell for long. */
    private static final Set<TaskKind> ROUTINE = EnumSet.of(TaskKind.EMBED, TaskKind.PRELOAD);

    private static final Duration ROUTINE_KEPT = Duration.ofHours(1);

    /** How long other tasks that ended can be looked up. */
    private static final Duration TASKS_KEPT = Duration.ofDays(1);

    /** Somebody may still want to know why, and to replay it. */
    private static final Duration DEAD_KEPT = Duration.ofDays(30);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memos4j-housekeeping").daemon().factory());

    public MaintenanceTimer(Vault vault, CubeIndexManager indexes, Clock clock) {
        every(COMMIT_EVERY, COMMIT_EVERY, "commit of the open indexes", indexes::commit);
        every(
                Duration.ZERO,
                FORGET_EVERY,
                "removal of old idempotency keys and tasks",
                () -> vault.write(writer -> forget(writer, clock.instant())));
    }

    private static int forget(VaultWriter writer, Instant now) {
        writer.deleteAnswers(now.minus(ANSWERS_KEPT));
        Set<TaskKind> all = EnumSet.allOf(TaskKind.class);
        return writer.tasks().deleteEnded(ROUTINE, Set.of(TaskState.DONE), now.minus(ROUTINE_KEPT))
                + writer.tasks().deleteEnded(all, Set.of(TaskState.DONE, TaskState.CANCELLED), now.minus(TASKS_KEPT))
                + writer.tasks().deleteEnded(all, Set.of(TaskState.DEAD), now.minus(DEAD_KEPT));
    }

    private void every(Duration first, Duration period, String what, Runnable work) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (MemoryException e) {
                        LOG.warn("The {} failed and will be tried again: {}", what, e.getMessage());
                    }
                },
                first.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Waits for a running job. */
    @Override
    public void close() {
        timer.close();
    }
}
