package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.CancellationToken;
import io.memos4j.http.WaitLimit;
import java.time.Duration;

/** A caller's use of the server, which closing its handle or the runtime ends. Thread-safe. */
final class RuntimeCall {
    private final Thread caller = Thread.currentThread();
    private final CancellationToken token = new CancellationToken();
    private final Duration patience;

    /** Creates a call that waits as long as the options say. */
    RuntimeCall() {
        this(HttpRuntimeOptions.LONGEST);
    }

    /** Creates a call that waits no longer than this for any answer. */
    RuntimeCall(Duration patience) {
        this.patience = patience;
    }

    /** The bound on each wait where {@code timeout} is allowed. */
    WaitLimit limit(Duration timeout) {
        return WaitLimit.perWait(timeout.compareTo(patience) < 0 ? timeout : patience);
    }

    Thread caller() {
        return caller;
    }

    CancellationToken token() {
        return token;
    }

    /** Ends the wait for the server; the call fails with {@code CLOSED}. */
    void end() {
        token.cancel();
    }

    /** Refuses to go on after {@link #end} or an interrupt. */
    void requireRunning() {
        if (token.isCancelled()) {
            throw new MemoryException(ErrorCode.CLOSED, "The handle or the runtime was closed.");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the server.");
        }
    }
}
