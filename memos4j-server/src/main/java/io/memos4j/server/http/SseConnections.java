package io.memos4j.server.http;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open streams of server-sent events. Each holds the virtual thread of its call. Thread-safe. */
final class SseConnections implements AutoCloseable {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Returns when the conversation has ended, the client is gone or the server stops. */
    void run(Context context, HttpExchange.StreamHandler conversation) throws Exception {
        begin(context.res());
        SseClient client = new SseClient(context);
        threads.add(Thread.currentThread());
        try {
            conversation.run(client);
        } catch (InterruptedException e) {
            // The server stops. The flag is cleared: this thread has an answer to finish.
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private static void begin(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setCharacterEncoding("UTF-8");
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no"); // nginx passes events on as they come.
        response.flushBuffer();
    }

    /** How many are open. */
    int open() {
        return threads.size();
    }

    /** Ends all. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
