package io.memos4j.server.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a response as server-sent events (SSE). Status and headers are sent with the first event, so a failure before
 * it can still be answered like any other. Not thread-safe.
 */
public final class SseResponse {
    private final HttpServletResponse response;
    private boolean hasStarted;

    public SseResponse(HttpExchange exchange) {
        this.response = exchange.context().res();
    }

    /** Returns whether status and headers have been sent. */
    public boolean hasStarted() {
        return hasStarted;
    }

    /** Sends status and headers; returns false if the client has disconnected. */
    boolean begin() {
        return write("");
    }

    /** Sends a named event; returns false if the client has disconnected. */
    public boolean send(String name, Object json) {
        return write("event: " + name + "\ndata: " + BoundedJson.text(json) + "\n\n");
    }

    /** Sends an unnamed event; returns false if the client has disconnected. */
    public boolean send(Object json) {
        return write("data: " + BoundedJson.text(json) + "\n\n");
    }

    /** Sends a comment, which keeps the connection alive; returns false if the client has disconnected. */
    public boolean comment(String text) {
        return write(": " + text + "\n\n");
    }

    private boolean write(String text) {
        if (!hasStarted) {
            hasStarted = true;
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType("text/event-stream;charset=utf-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no"); // Makes nginx pass events on immediately.
        }
        try {
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            response.flushBuffer();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
