package io.memos4j.runtime.http;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.ServerSentEvent;
import io.memos4j.http.ServerSentEventDecoder;
import io.memos4j.http.ServerSentEventReader;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the server, read as a whole or event by event. For one thread. Closing it returns the connection or
 * breaks it off.
 */
final class StreamedResponse implements AutoCloseable {
    /** Answers are the tokens and texts of one context. */
    private static final int MAX_BYTES = 1 << 26;

    /** Enough of a failed answer to find the words in it that tell why. */
    private static final int MAX_FAILURE_BYTES = 1 << 16;

    private static final String END = "[DONE]";

    /**
     * The request that is answered.
     *
     * @param path the route, named in failures
     */
    record Origin(String path, RuntimeCall call, RuntimeFailureMapper failures) {}

    /** A read of the answer that may fail. */
    private interface Read<T> {
        T run() throws HttpCallException, InterruptedException;
    }

    private final Origin origin;
    private final HttpResponseStream response;
    private final ServerSentEventReader events;
    private final Runnable atClose;

    StreamedResponse(Origin origin, HttpResponseStream response, Runnable atClose) {
        this.origin = origin;
        this.response = response;
        this.events = new ServerSentEventReader(response::read, ServerSentEventDecoder.withErrorFields(MAX_BYTES));
        this.atClose = atClose;
    }

    int status() {
        return response.status();
    }

    /** Reads the whole answer as text. */
    String text() {
        return read(() -> response.readText(MAX_BYTES));
    }

    /** Reads the whole answer as JSON. */
    JsonNode json() {
        return parse(text());
    }

    /** Reads the data of the next server-sent event; empty at the end of the stream. */
    Optional<JsonNode> nextEvent() {
        return read(events::next)
                .map(ServerSentEvent::data)
                .filter(data -> !data.strip().equals(END))
                .map(this::parse);
    }

    /** Returns this answer if its status is 200, and else closes it and throws what its status stands for. */
    StreamedResponse requireSuccess() {
        if (status() == 200) {
            return this;
        }
        try {
            throw origin.failures.of(origin.path, read(() -> response.failure(MAX_FAILURE_BYTES)), origin.call);
        } finally {
            close();
        }
    }

    private <T> T read(Read<T> read) {
        origin.call.requireRunning();
        try {
            return read.run();
        } catch (HttpCallException e) {
            throw origin.failures.of(origin.path, e, origin.call);
        } catch (InterruptedException e) {
            throw RuntimeFailureMapper.interrupted(e);
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
        response.close();
        atClose.run();
    }
}
