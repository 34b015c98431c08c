package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of read-only connections, the one used last first, whose cache is warm. Callers beyond it wait for
 * one, for a bounded time. Thread-safe.
 *
 * <p>A connection whose transaction cannot be ended, or whose work failed with an {@link Error}, is closed, and the
 * next caller opens a new one: it never stays in its transaction.
 */
final class ReaderPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderPool.class);

    /** The longest waits: of a reader for a connection, of a caller that needs all of them, and of the closing. */
    record Waits(Duration reader, Duration everyone, Duration closing) {
        static final Waits DEFAULT = new Waits(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    private final BlockingDeque<Slot> idle;
    private final int size;
    private final Supplier<SqlConnection> connections;
    private final Waits waits;

    /** Held by the one caller that takes all connections: two of them would take them from each other. */
    private final ReentrantLock everyone = new ReentrantLock();

    private volatile boolean closed;
    private volatile boolean drained;

    ReaderPool(int size, Supplier<SqlConnection> connections, Waits waits) {
        this.size = size;
        this.connections = connections;
        this.waits = waits;
        this.idle = new LinkedBlockingDeque<>(size);
        for (int i = 0; i < size; i++) {
            idle.add(new Slot(new SqliteReader(connections.get())));
        }
    }

    /** The place of a connection; empty after a failure, until the next use. */
    private final class Slot {
        private Optional<SqliteReader> open;

        Slot(SqliteReader reader) {
            this.open = Optional.of(reader);
        }

        SqliteReader reader() {
            SqliteReader reader = open.orElseGet(() -> new SqliteReader(connections.get()));
            open = Optional.of(reader);
            return reader;
        }

        <T> T read(Function<SqliteReader, T> work) {
            SqliteReader reader = reader();
            boolean usable = false;
            try {
                reader.sql.update("BEGIN");
                T result = work.apply(reader);
                usable = true;
                return result;
            } catch (RuntimeException e) {
                usable = true;
                throw e;
            } finally {
                if (!reader.sql.rollback() || !usable) {
                    discard();
                }
            }
        }

        void discard() {
            Optional<SqliteReader> broken = open;
            open = Optional.empty();
            try {
                broken.ifPresent(reader -> reader.sql.close());
            } catch (MemoryException e) {
                LOG.debug("A connection that failed could not be closed either: {}", e.getMessage());
            }
        }
    }

    /** Runs {@code work} in a read transaction: it sees one state of the vault from its first statement on. */
    <T> T read(Function<SqliteReader, T> work) {
        Slot slot = take(System.nanoTime() + waits.reader.toNanos(), "a connection to read the vault");
        try {
            return slot.read(work);
        } finally {
            if (closed) {
                slot.discard();
            }
            idle.addFirst(slot);
        }
    }

    /**
     * Runs {@code work} while nobody reads; one caller at a time.
     *
     * @throws MemoryException with {@link ErrorCode#TIMEOUT} if running reads do not end in time
     */
    <T> T withoutReaders(Supplier<T> work) {
        everyone.lock();
        List<Slot> taken = new ArrayList<>();
        try {
            long end = System.nanoTime() + waits.everyone.toNanos();
            while (taken.size() < size) {
                taken.add(take(end, "running reads to end"));
            }
            return work.get();
        } finally {
            idle.addAll(taken);
            everyone.unlock();
        }
    }

    private Slot take(long end, String what) {
        if (closed) {
            throw SqliteFailureMapper.closed();
        }
        try {
            Slot slot = idle.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (closed) {
                Optional.ofNullable(slot).ifPresent(idle::add);
                throw SqliteFailureMapper.closed();
            }
            if (slot == null) {
                throw new MemoryException(
                        ErrorCode.TIMEOUT,
                        "Waited too long for " + what + ": other calls hold them. Try again; if it lasts, reduce the"
                                + " load or restart the process.");
            }
            return slot;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The read was interrupted before it began.", e);
        }
    }

    /** Returns whether every connection was closed: none was still in use when {@link #close} gave up waiting. */
    boolean isDrained() {
        return drained;
    }

    /**
     * Waits for running reads, for a bounded time, then closes every connection that is idle; waiting callers are
     * refused one after the other.
     */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        List<Slot> taken = new ArrayList<>();
        long end = System.nanoTime() + waits.closing.toNanos();
        while (taken.size() < size) {
            try {
                Slot slot = idle.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (slot == null) {
                    LOG.warn("{} reads did not end in time; their connections stay open", size - taken.size());
                    break;
                }
                taken.add(slot);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        taken.forEach(Slot::discard);
        drained = taken.size() == size;
        // A caller that waits for a connection finds one, sees that the pool is closed, and puts it back for the next.
        taken.stream().findFirst().ifPresent(idle::add);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
