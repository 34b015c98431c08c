package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** The vector of one query, computed once by the first thread that needs it, while the others wait. Thread-safe. */
final class QueryVector {
    private final FutureTask<byte[]> task;

    QueryVector(Supplier<byte[]> embed) {
        this.task = new FutureTask<>(embed::get);
    }

    /** @throws MemoryException if the embedder fails; every time, without another try */
    byte[] get() {
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MemoryException failure
                    ? failure
                    : new IllegalStateException("The query could not be embedded.", e.getCause());
        }
    }
}
