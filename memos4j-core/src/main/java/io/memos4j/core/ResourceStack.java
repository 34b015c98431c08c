package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The open parts of an engine, closed in the reverse order of opening. Closing twice has no effect. */
final class ResourceStack implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over a part that was opened; returns it. */
    <T extends AutoCloseable> T add(T part) {
        open.push(part);
        return part;
    }

    <T extends AutoCloseable> Optional<T> add(Optional<T> part) {
        part.ifPresent(open::push);
        return part;
    }

    /** Closes everything after a failed opening; further failures are added to its cause. */
    void closeAfter(Throwable cause) {
        if (closed.compareAndSet(false, true)) {
            closeAll(Optional.of(cause));
        }
    }

    /** Closes everything; the first failure is thrown at the end, with the others added to it. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closeAll(Optional.empty()).ifPresent(failure -> {
            throw failure instanceof RuntimeException runtime
                    ? runtime
                    : new MemoryException(
                            ErrorCode.STORAGE_FAILED, "The memory system did not close cleanly.", failure);
        });
    }

    private Optional<Throwable> closeAll(Optional<Throwable> cause) {
        Optional<Throwable> failure = cause;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure.ifPresent(first -> first.addSuppressed(e));
                failure = failure.or(() -> Optional.of(e));
            }
        }
        return failure;
    }
}
