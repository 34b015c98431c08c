package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.tasks.TaskWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether tasks whose runs fail are retried or given up. Thread-safe. */
final class RunFailureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RunFailureHandler.class);

    private final TaskRetryPolicy retry;
    private final RandomGenerator random;
    private final InstantSource clock;

    RunFailureHandler(TaskRetryPolicy retry, RandomGenerator random, InstantSource clock) {
        this.retry = retry;
        this.random = random;
        this.clock = clock;
    }

    /** Puts a failed task back, or gives it up; does nothing if the run no longer has its task. */
    void handle(LeasedRun run, Throwable failure) {
        Optional<ErrorCode> code =
                failure instanceof MemoryException known ? Optional.of(known.code()) : Optional.empty();
        boolean lost = code.filter(each -> each == ErrorCode.LEASE_LOST || each == ErrorCode.CUBE_NOT_FOUND)
                .isPresent();
        boolean stopped = code.filter(each -> each == ErrorCode.CLOSED || each == ErrorCode.INTERRUPTED)
                .isPresent();
        if (lost || run.isRevoked()) {
            return;
        }
        // The interrupt that stopped the run must not prevent recording its end.
        boolean interrupted = Thread.interrupted();
        if (stopped) {
            putBack(run);
        } else {
            recordEnd(run, (tasks, now) -> {
                int attempts = run.task().attempts();
                if (isFinal(run.task(), failure)) {
                    tasks.end(run.lease(), TaskState.DEAD, describe(failure), now);
                } else {
                    Instant due = now.plus(retry.pauseAfter(attempts, random));
                    tasks.postpone(run.lease(), due, attempts, describe(failure), now);
                }
            });
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!stopped) {
            warn(run.task(), failure);
        }
    }

    /** Puts a task back as if this run had never started. */
    void putBack(LeasedRun run) {
        Task task = run.task();
        recordEnd(run, (tasks, now) -> tasks.postpone(run.lease(), now, task.attempts() - 1, task.note(), now));
    }

    private void recordEnd(LeasedRun run, BiConsumer<TaskWriter, Instant> end) {
        try {
            run.finish(writer -> {
                end.accept(writer.tasks(), clock.instant());
                return true;
            });
        } catch (MemoryException e) {
            LOG.debug(
                    "The end of task {} was not recorded; its lease will expire: {}",
                    run.task().id(),
                    e.getMessage());
        }
    }

    private boolean isFinal(Task task, Throwable failure) {
        boolean permanent =
                failure instanceof MemoryException known && !known.code().retryable();
        return permanent || task.attempts() >= retry.attempts();
    }

    private static String describe(Throwable failure) {
        String message = Optional.ofNullable(failure.getMessage()).orElse("");
        return failure instanceof MemoryException known
                ? known.code().id() + ": " + message
                : failure.getClass().getSimpleName() + ": " + message;
    }

    private void warn(Task task, Throwable failure) {
        String end = isFinal(task, failure) ? "is given up" : "will be retried";
        if (failure instanceof MemoryException) {
            LOG.warn("Task {} {} {}: {}", task.kind().id(), task.id(), end, describe(failure));
        } else {
            LOG.warn("Task {} {} {}", task.kind().id(), task.id(), end, failure);
        }
    }
}
