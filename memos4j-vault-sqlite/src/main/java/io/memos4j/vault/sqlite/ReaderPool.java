package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A fixed number of read-only connections, the one used last first, whose cache is warm. Callers beyond it wait for
 * one.
 */
final class ReaderPool implements AutoCloseable {
    private final BlockingDeque<SqliteReader> idle;
    private final int size;
    private volatile boolean closed;

    ReaderPool(int size, Supplier<SqlConnection> connections) {
        this.size = size;
        this.idle = new LinkedBlockingDeque<>(size);
        for (int i = 0; i < size; i++) {
            idle.add(new SqliteReader(connections.get()));
        }
    }

    /** Runs {@code work} in a read transaction: it sees one state of the vault from its first statement on. */
    <T> T read(Function<SqliteReader, T> work) {
        SqliteReader reader = take();
        try {
            reader.sql.update("BEGIN");
            try {
                return work.apply(reader);
            } finally {
                reader.sql.rollback();
            }
        } finally {
            idle.addFirst(reader);
        }
    }

    /** Runs {@code work} while nobody reads. */
    <T> T withoutReaders(Supplier<T> work) {
        List<SqliteReader> taken = new ArrayList<>();
        try {
            while (taken.size() < size) {
                taken.add(take());
            }
            return work.get();
        } finally {
            idle.addAll(taken);
        }
    }

    private SqliteReader take() {
        if (closed) {
            throw SqliteFailureMapper.closed();
        }
        try {
            SqliteReader reader = idle.take();
            if (closed) {
                idle.add(reader);
                throw SqliteFailureMapper.closed();
            }
            return reader;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The read was interrupted before it began.", e);
        }
    }

    /** Waits for running reads, then closes every connection; waiting callers are refused one after the other. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        List<SqliteReader> taken = new ArrayList<>();
        while (taken.size() < size) {
            try {
                taken.add(idle.take());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        taken.forEach(reader -> reader.sql.close());
        // A caller that waits for a connection finds one, sees that the pool is closed, and puts it back for the next.
        idle.add(taken.getFirst());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
