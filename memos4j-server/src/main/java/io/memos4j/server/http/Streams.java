package io.memos4j.server.http;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open streams of server-sent events. A stream costs a parked virtual thread. Thread-safe. */
final class Streams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private final Set<Thread> holding = ConcurrentHashMap.newKeySet();

    /** Returns at once; the conversation goes on by itself. */
    void open(Context context, Exchange.Conversation conversation) {
        new SseHandler(0, client -> {
                    client.keepAlive();
                    Thread thread =
                            Thread.ofVirtual().name("memos4j-stream").unstarted(() -> hold(client, conversation));
                    client.onClose(thread::interrupt);
                    holding.add(thread);
                    thread.start();
                })
                .handle(context);
    }

    int open() {
        return holding.size();
    }

    private void hold(SseClient client, Exchange.Conversation conversation) {
        try {
            conversation.hold(client);
        } catch (InterruptedException e) {
            // The client is gone, or the server stops.
        } catch (Exception e) {
            LOG.warn("A stream broke off", e);
        } finally {
            holding.remove(Thread.currentThread());
            client.close();
        }
    }

    /** Ends all. */
    @Override
    public void close() {
        holding.forEach(Thread::interrupt);
    }
}
