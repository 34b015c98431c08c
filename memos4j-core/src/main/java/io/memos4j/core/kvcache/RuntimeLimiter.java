package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets as many conversations use a runtime at once as its handles allow. One that finds no room beside the others waits
 * until it is alone and begins again: so it fails only if it is too large for the runtime. Thread-safe, fair.
 */
final class RuntimeLimiter {
    /** A conversation has its own handle and, for a moment, a fork of it. */
    private static final int HANDLES_EACH = 2;

    private final int most;
    private final Semaphore free;

    /** @param handles that conversations have together */
    RuntimeLimiter(int handles) {
        this.most = Math.max(1, handles / HANDLES_EACH);
        this.free = new Semaphore(most, true);
    }

    /** Does work that needs room, perhaps twice. */
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
            throw new MemoryException(ErrorCode.INTERRUPTED, "Waiting for a turn was interrupted.", e);
        }
        try {
            return work.get();
        } finally {
            free.release(permits);
        }
    }
}
