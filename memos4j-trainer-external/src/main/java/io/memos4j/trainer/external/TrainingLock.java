package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Runs one training at a time; waiting callers can be interrupted. */
final class TrainingLock {
    private final ReentrantLock one = new ReentrantLock(true);

    <T> T runExclusively(Supplier<T> work) {
        try {
            one.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while another training ran.", e);
        }
        try {
            return work.get();
        } finally {
            one.unlock();
        }
    }
}
