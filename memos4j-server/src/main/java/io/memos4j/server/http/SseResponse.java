package io.memos4j.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events about something that comes to an end by itself: a server that stops lets it. The answer begins
 * with the first of them. For one thread.
 */
public final class SseResponse {
    private final HttpExchange exchange;
    private boolean hasStarted;

    public SseResponse(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /** Whether anything was sent, so that the status of the answer is settled. */
    public boolean hasStarted() {
        return hasStarted;
    }

    /** Sends an event; false if the client is gone. */
    public boolean send(String name, Object json) {
        return write("event: " + name + "\n", json);
    }

    /** Sends an event without a name; false if the client is gone. */
    public boolean send(Object json) {
        return write("", json);
    }

    private boolean write(String head, Object json) {
        if (!hasStarted) {
            hasStarted = true;
            exchange.context().status(200);
            exchange.contentType("text/event-stream");
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no"); // nginx passes events on as they come.
        }
        try {
            OutputStream out = exchange.context().res().getOutputStream();
            out.write((head + "data: " + BoundedJson.text(json) + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
