package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The one writer: a thread that takes whatever waits, runs it in one transaction and flushes once for all.
 *
 * <p>A flush to disk costs more than most writes. While one group commits, the next gathers; so under load the flush is
 * shared, and an idle writer commits at once, without an artificial wait. Each work runs in a savepoint: one that
 * refuses takes only its own changes with it. When the storage itself fails, the group is rolled back and its works are
 * tried one by one, so that one that is too large for the disk does not fail the others.
 */
final class GroupCommit implements AutoCloseable {
    /** The capacity of the queue; more callers block. */
    private static final int QUEUE = 4_096;

    /** The most work of one transaction: bounds how long the first waits for the last. */
    private static final int GROUP = 256;

    private final SqlConnection sql;
    private final BlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;

    GroupCommit(SqlConnection sql) {
        this.sql = sql;
        this.thread = Thread.ofPlatform().name("memos4j-vault-writer").daemon().start(this::run);
    }

    /** Runs {@code work} in a transaction; returns when it is durable. */
    <T> T write(Supplier<T> work) {
        return await(new Job<>(work, true));
    }

    /** Runs {@code work} on the writer's connection outside any transaction. */
    <T> T alone(Supplier<T> work) {
        return await(new Job<>(work, false));
    }

    private <T> T await(Job<T> job) {
        if (closed) {
            throw SqliteFailureMapper.closed();
        }
        try {
            queue.put(job);
            if (closed && queue.remove(job)) {
                throw SqliteFailureMapper.closed();
            }
            return job.outcome.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (job.begun.compareAndSet(false, true)) {
                throw new MemoryException(ErrorCode.INTERRUPTED, "The write was interrupted before it began.", e);
            }
            return uninterruptibly(job);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    /** Work that has begun is waited for: its caller must know whether it was done. */
    private static <T> T uninterruptibly(Job<T> job) {
        while (true) {
            try {
                T result = job.outcome.get();
                Thread.currentThread().interrupt();
                return result;
            } catch (InterruptedException e) {
                // Kept for the caller, see above.
            } catch (ExecutionException e) {
                Thread.currentThread().interrupt();
                throw unwrapped(e);
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case MemoryException failure -> new MemoryException(failure.code(), failure.getMessage(), failure);
            case RuntimeException failure -> failure;
            case Error failure -> throw failure;
            case null, default -> new IllegalStateException("The write failed.", e);
        };
    }

    private void run() {
        List<Job<?>> group = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            group.clear();
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                // Sent by close(): look whether there is more to do.
                continue;
            }
            queue.drainTo(group, GROUP - 1);
            List<Job<?>> begun = group.stream()
                    .filter(job -> job.begun.compareAndSet(false, true))
                    .toList();
            List<Job<?>> transactional =
                    begun.stream().filter(job -> job.transactional).toList();
            if (!transactional.isEmpty()) {
                commit(transactional);
            }
            begun.stream().filter(job -> !job.transactional).forEach(Job::runAlone);
        }
    }

    private void commit(List<Job<?>> group) {
        try {
            sql.update("BEGIN IMMEDIATE");
            for (Job<?> job : group) {
                job.runInSavepoint(sql);
            }
            sql.update("COMMIT");
        } catch (RuntimeException | Error e) {
            // Whatever failed: this thread must live on, and the next group must not find a transaction.
            sql.rollback();
            if (group.size() == 1) {
                group.getFirst().fail(e);
            } else {
                group.forEach(job -> commit(List.of(job)));
            }
            return;
        }
        group.forEach(Job::complete);
    }

    /** Refuses new work, finishes what waits, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        Optional.ofNullable(queue.poll()).ifPresent(job -> job.fail(SqliteFailureMapper.closed()));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Job<T> {
        private final Supplier<T> work;
        private final boolean transactional;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private Supplier<T> result = () -> {
            throw new IllegalStateException("not run");
        };

        Job(Supplier<T> work, boolean transactional) {
            this.work = work;
            this.transactional = transactional;
        }

        /**
         * Keeps the result, or the refusal, until the group has committed. A failure of the storage is thrown at once.
         */
        void runInSavepoint(SqlConnection sql) {
            sql.update("SAVEPOINT work");
            try {
                T value = work.get();
                result = () -> value;
            } catch (RuntimeException | Error e) {
                if (e instanceof MemoryException failure && ofStorage(failure)) {
                    throw failure;
                }
                sql.update("ROLLBACK TO work");
                result = () -> {
                    throw e;
                };
            }
            sql.update("RELEASE work");
        }

        private static boolean ofStorage(MemoryException failure) {
            return switch (failure.code()) {
                case STORAGE_FULL, STORAGE_FAILED, CORRUPT -> true;
                default -> false;
            };
        }

        void runAlone() {
            result = work;
            complete();
        }

        void complete() {
            try {
                outcome.complete(result.get());
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        }

        void fail(Throwable failure) {
            outcome.completeExceptionally(failure);
        }
    }
}
