package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls of LangChain4j, each under the deadline of its caller. Thread-safe.
 *
 * <p>The timeouts of LangChain4j end with the first byte of an answer and do not hold for a call as a whole. So a call
 * runs on a virtual thread of its own, for which the caller waits. When the caller stops waiting, for whatever reason,
 * that thread is interrupted, which makes the JDK's HTTP client close the connection. There are as many such threads as
 * waiting callers.
 */
final class DeadlineRunner implements AutoCloseable {
    /** Longer waits are as good as endless, and would not fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final ModelFailureMapper failures;
    private final Set<FutureTask<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    DeadlineRunner(ModelFailureMapper failures) {
        this.failures = failures;
    }

    /**
     * Runs {@code work} and returns its result.
     *
     * @throws MemoryException as {@link ModelFailureMapper} maps a failure; {@link ErrorCode#TIMEOUT},
     *     {@link ErrorCode#INTERRUPTED} with the flag of the thread set, {@link ErrorCode#CLOSED}
     */
    <T> T callWithin(Duration timeout, Callable<T> work) {
        if (Thread.currentThread().isInterrupted()) {
            throw failures.interrupted();
        }
        FutureTask<T> call = new FutureTask<>(work);
        running.add(call);
        try {
            if (closed) {
                throw failures.closed();
            }
            Thread.ofVirtual()
                    .name("memos4j-model-call")
                    .inheritInheritableThreadLocals(false)
                    .start(call);
            return call.get(bounded(timeout).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failures.timeout(timeout);
        } catch (InterruptedException e) {
            throw failures.interrupted();
        } catch (CancellationException e) {
            throw failures.closed();
        } catch (ExecutionException e) {
            throw closed ? failures.closed() : failures.of(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            running.remove(call);
            call.cancel(true);
        }
    }

    private static Duration bounded(Duration timeout) {
        return timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    }

    /** Ends running calls with {@link ErrorCode#CLOSED} and refuses further ones. */
    @Override
    public void close() {
        closed = true;
        running.forEach(call -> call.cancel(true));
    }
}
