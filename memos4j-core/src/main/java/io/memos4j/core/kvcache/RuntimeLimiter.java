package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits how many chats use a runtime at once to what its handles allow. A chat that finds the context full waits until
 * it has the runtime to itself and runs again, so it fails only if it is too large for the runtime. Thread-safe and
 * fair.
 */
final class RuntimeLimiter {
    /** A chat uses its own handle and, briefly, a fork of it. */
    private static final int HANDLES_PER_CHAT = 2;

    private final int most;
    private final Semaphore free;

    /** @param handles available to all chats together */
    RuntimeLimiter(int handles) {
        this.most = Math.max(1, handles / HANDLES_PER_CHAT);
        this.free = new Semaphore(most, true);
    }

    /** Runs work that needs the runtime, twice if its context was full. */
    <T> T run(Supplier<T> work) {
        try {
            return withPermits(1, work);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CONTEXT_FULL) {
                throw e;
            }
            return withPermits(most, work);
        }
    }

    private <T> T withPermits(int permits, Supplier<T> work) {
        try {
            free.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the model runtime.", e);
        }
        try {
            return work.get();
        } finally {
            free.release(permits);
        }
    }
}
