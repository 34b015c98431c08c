package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps track of long-lived event streams. Each one occupies the virtual thread of its request. Thread-safe. */
final class SseConnections implements AutoCloseable {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Runs a stream until it ends, its client disconnects, or the server stops. */
    void run(SseResponse events, HttpExchange.StreamHandler conversation) throws Exception {
        threads.add(Thread.currentThread());
        try {
            if (closed) {
                throw new MemoryException(ErrorCode.CLOSED, "The server is stopping. Try again later.");
            }
            events.begin();
            conversation.run(events);
        } catch (InterruptedException e) {
            // The server is stopping. The interrupt flag stays cleared: this thread still completes its response.
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    /** Returns the number of open streams. */
    int open() {
        return threads.size();
    }

    /** Ends all streams. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
