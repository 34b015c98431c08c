package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Shares the server among its principals: a bounded number of requests runs at once, and those that wait are taken in
 * turn, one principal after the other (round robin), first come first served within each. A principal that is alone may
 * use all places; as soon as another one calls, it gets no more than its share for a while. Thread-safe.
 */
final class RequestGate {
    /** The time after its last request for which the share of a principal is kept free. */
    static final Duration SHARED = Duration.ofSeconds(10);

    /** Principals remembered before those without requests are forgotten. */
    private static final int REMEMBERED = 1_000;

    private final LoadLimits limits;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Caller> callers = new HashMap<>();
    private final Deque<Caller> waiting = new ArrayDeque<>();
    private int running;
    private long lastCall;

    /** A principal with requests now or a moment ago. Guarded by the lock. */
    private static final class Caller {
        private final Deque<Waiter> queue = new ArrayDeque<>();
        private int running;
        private int outside;
        private long calledAt;

        boolean isIdle() {
            return running == 0 && outside == 0 && queue.isEmpty();
        }
    }

    private static final class Waiter {
        private final Condition called;
        private boolean admitted;

        Waiter(Condition called) {
            this.called = called;
        }
    }

    /** A place, held until it is closed. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    RequestGate(LoadLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Waits for a place.
     *
     * @param principal whose share it is taken from
     * @throws MemoryException with {@link ErrorCode#RATE_LIMITED} if the principal has too many requests waiting, or
     *     its turn does not come in time
     */
    Place enter(String principal) {
        lock.lock();
        try {
            Caller caller = caller(principal);
            if (caller.queue.size() >= limits.waitingCalls()) {
                throw refused("More than " + limits.waitingCalls() + " requests of yours are waiting.");
            }
            Waiter waiter = new Waiter(lock.newCondition());
            if (caller.queue.isEmpty()) {
                waiting.addLast(caller);
            }
            caller.queue.addLast(waiter);
            admit();
            await(caller, waiter);
            return () -> leave(caller);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a request that only waits, for a model or a task: it takes no place, but a principal has a bounded number.
     *
     * @throws MemoryException with {@link ErrorCode#RATE_LIMITED} if the principal has too many of them
     */
    Place enterOutside(String principal) {
        lock.lock();
        try {
            Caller caller = caller(principal);
            if (caller.outside >= limits.waitingCalls()) {
                throw refused("More than " + limits.waitingCalls() + " requests of yours wait for models or tasks.");
            }
            caller.outside++;
            return () -> leaveOutside(caller);
        } finally {
            lock.unlock();
        }
    }

    private static MemoryException refused(String why) {
        return new MemoryException(ErrorCode.RATE_LIMITED, why + " Send fewer at once.");
    }

    private Caller caller(String principal) {
        if (callers.size() >= REMEMBERED) {
            callers.values().removeIf(each -> each.isIdle() && !isRecent(each));
        }
        lastCall = nanos.getAsLong();
        Caller caller = callers.computeIfAbsent(principal, name -> new Caller());
        caller.calledAt = lastCall;
        return caller;
    }

    private boolean isRecent(Caller caller) {
        return lastCall - caller.calledAt < SHARED.toNanos();
    }

    private void await(Caller caller, Waiter waiter) {
        long left = limits.patience().toNanos();
        try {
            while (!waiter.admitted && left > 0) {
                left = waiter.called.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            withdraw(caller, waiter);
            throw new MemoryException(ErrorCode.CLOSED, "The server is stopping. Try again later.", e);
        }
        if (!waiter.admitted) {
            withdraw(caller, waiter);
            throw refused("No turn came within " + limits.patience().toSeconds() + " s.");
        }
    }

    /** Gives up a turn, also one that came just now. */
    private void withdraw(Caller caller, Waiter waiter) {
        if (waiter.admitted) {
            leave(caller);
            return;
        }
        caller.queue.remove(waiter);
        if (caller.queue.isEmpty()) {
            waiting.remove(caller);
        }
    }

    private void leave(Caller caller) {
        lock.lock();
        try {
            caller.running--;
            running--;
            admit();
        } finally {
            lock.unlock();
        }
    }

    private void leaveOutside(Caller caller) {
        lock.lock();
        try {
            caller.outside--;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the free places to those who wait, one principal after the other. */
    private void admit() {
        boolean alone = callers.values().stream()
                        .filter(each -> !each.isIdle() || isRecent(each))
                        .limit(2)
                        .count()
                < 2;
        int share = alone ? limits.callsAtOnce() : limits.sharedCallsAtOnce();
        int skipped = 0;
        while (skipped < waiting.size() && running < limits.callsAtOnce()) {
            Caller next = waiting.removeFirst();
            if (next.running < share) {
                Waiter admitted = next.queue.removeFirst();
                admitted.admitted = true;
                admitted.called.signal();
                next.running++;
                running++;
                skipped = 0;
            } else {
                skipped++;
            }
            if (!next.queue.isEmpty()) {
                waiting.addLast(next);
            }
        }
    }

    /** Returns the number of requests that wait for a place. */
    int waiting() {
        lock.lock();
        try {
            return waiting.stream().mapToInt(each -> each.queue.size()).sum();
        } finally {
            lock.unlock();
        }
    }
}
