package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;

/** What one caller is doing with the server, so that closing a handle or the runtime can end it. Thread-safe. */
final class RuntimeCall {
    private final Thread caller = Thread.currentThread();
    private final Duration patience;
    private Runnable end = () -> {};
    private volatile boolean ended;

    /** A call that waits as long as the options say. */
    RuntimeCall() {
        this(HttpRuntimeOptions.LONGEST);
    }

    /** A call that waits no longer than this for anything. */
    RuntimeCall(Duration patience) {
        this.patience = patience;
    }

    /** How long it waits where {@code timeout} is allowed. */
    Duration wait(Duration timeout) {
        return timeout.compareTo(patience) < 0 ? timeout : patience;
    }

    Thread caller() {
        return caller;
    }

    /** Runs {@code newEnd} when the call is ended, at once if it is. Replaces what was to be run. */
    void onEnd(Runnable newEnd) {
        synchronized (this) {
            if (!ended) {
                end = newEnd;
                return;
            }
        }
        newEnd.run();
    }

    /** Ends what waits for the server; it fails with {@code CLOSED}. */
    void end() {
        Runnable now;
        synchronized (this) {
            ended = true;
            now = end;
        }
        now.run();
    }

    boolean ended() {
        return ended;
    }

    /** Refuses to go on after {@link #end} or an interrupt. */
    void requireRunning() {
        if (ended) {
            throw new MemoryException(ErrorCode.CLOSED, "The handle or the runtime was closed.");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the server.");
        }
    }
}
