package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One answer of the server, read as a whole or event by event. For one thread; closing it gives the connection back or
 * breaks it off.
 */
final class StreamedResponse implements AutoCloseable {

    /** Answers are tokens and texts of one context. */
    private static final int MOST_BYTES = 1 << 26;

    private static final String END = "[DONE]";

    /**
     * Who asks for what.
     *
     * @param path of the route, named in failures
     * @param timeout for the next bytes
     */
    record Origin(String path, RuntimeCall call, RuntimeFailureMapper failures, Duration timeout) {}

    private final Origin origin;
    private final int status;
    private final Body body;
    private final Runnable atClose;
    private byte[] piece = new byte[0];
    private int at;

    StreamedResponse(Origin origin, int status, Body body, Runnable atClose) {
        this.origin = origin;
        this.status = status;
        this.body = body;
        this.atClose = atClose;
    }

    int status() {
        return status;
    }

    /** The whole answer as text. */
    String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (awaitBytes()) {
            bytes.write(piece, at, piece.length - at);
            at = piece.length;
            requireBounded(bytes.size());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The whole answer as JSON. */
    JsonNode json() {
        return parse(text());
    }

    /** The data of the next server-sent event; empty at the end of the stream. */
    Optional<JsonNode> nextEvent() {
        StringBuilder data = new StringBuilder();
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty() || (line.get().isEmpty() && !data.isEmpty())) {
                return data.isEmpty() || END.contentEquals(data)
                        ? Optional.empty()
                        : Optional.of(parse(data.toString()));
            }
            // llama-server before b6000 sent failures under a name of their own.
            for (String name : new String[] {"data:", "error:"}) {
                if (line.get().startsWith(name)) {
                    data.append(line.get().substring(name.length()).strip());
                    requireBounded(data.length());
                }
            }
        }
    }

    private Optional<String> line() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (awaitBytes()) {
            int from = at;
            while (at < piece.length && piece[at] != '\n') {
                at++;
            }
            bytes.write(piece, from, at - from);
            requireBounded(bytes.size());
            if (at < piece.length) {
                at++;
                return Optional.of(bytes.toString(StandardCharsets.UTF_8).stripTrailing());
            }
        }
        return bytes.size() == 0 ? Optional.empty() : Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }

    /** Waits for bytes if there are none; false at the end of the answer. */
    private boolean awaitBytes() {
        if (at < piece.length) {
            return true;
        }
        origin.call.requireRunning();
        try {
            piece = body.next(origin.timeout);
            at = 0;
            return piece.length > 0;
        } catch (TimeoutException e) {
            throw origin.failures.timeout(origin.path, origin.timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the server.", e);
        } catch (IOException e) {
            origin.call.requireRunning();
            throw origin.failures.connectionLost(origin.path, e);
        }
    }

    private void requireBounded(int bytes) {
        if (bytes > MOST_BYTES) {
            throw origin.failures.tooLarge(origin.path, MOST_BYTES);
        }
    }

    private JsonNode parse(String text) {
        try {
            return InferenceJson.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw origin.failures.unusableAnswer(origin.path, "it is not JSON (" + origin.failures.excerpt(text) + ")");
        }
    }

    @Override
    public void close() {
        origin.call.onEnd(() -> {});
        body.cancel();
        atClose.run();
    }
}
