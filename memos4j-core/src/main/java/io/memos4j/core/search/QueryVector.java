package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** The vector of one query, made once by whoever needs it first, while the others wait. Thread-safe. */
final class QueryVector {
    private final FutureTask<byte[]> task;

    QueryVector(String query, Function<String, byte[]> embed) {
        this.task = new FutureTask<>(() -> embed.apply(query));
    }

    /** @throws MemoryException as the embedder fails, every time */
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
