package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpRetrier;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * Calls one inference server. Thread-safe. Allows {@value #MOST_CALLS} calls at once and refuses further ones.
 *
 * <p>A call is sent once more if its connection turns out to be closed: llama-server closes one after a hundred
 * requests, which may cross with the next request. Repeating is safe, since each request names all that it builds on.
 */
final class InferenceServerClient implements AutoCloseable {
    static final int MOST_CALLS = 256;

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final RetryPolicy ONCE_MORE = new RetryPolicy(2, Duration.ZERO, Duration.ZERO, 0);

    private final URI base;
    private final String key;
    private final Duration timeout;
    private final RuntimeFailureMapper failures;
    private final HttpTransport transport =
            new HttpTransport(HttpTransport.clientBuilder(CONNECT).build());
    private final HttpRetrier retrier = new HttpRetrier(ONCE_MORE, Thread::sleep);
    private final Semaphore slots = new Semaphore(MOST_CALLS);

    InferenceServerClient(HttpRuntimeOptions options) {
        this.base = options.server();
        this.key = options.apiKey();
        this.timeout = options.timeout();
        this.failures = new RuntimeFailureMapper(base.toString(), key);
    }

    RuntimeFailureMapper failures() {
        return failures;
    }

    JsonNode get(String path, RuntimeCall call) {
        try (StreamedResponse answer = open(path, request(path).GET(), call).requireSuccess()) {
            return answer.json();
        }
    }

    /** Does the same as {@link #get}; empty if the server has no such route. */
    Optional<JsonNode> find(String path, RuntimeCall call) {
        try (StreamedResponse answer = open(path, request(path).GET(), call)) {
            return HttpFailureKind.ofStatus(answer.status()) == HttpFailureKind.NOT_FOUND
                    ? Optional.empty()
                    : Optional.of(answer.requireSuccess().json());
        }
    }

    JsonNode post(String path, JsonNode body, RuntimeCall call) {
        try (StreamedResponse answer = stream(path, body, call)) {
            return answer.json();
        }
    }

    /** Posts a request and returns the answer, whatever its status. */
    RawAnswer answer(String path, JsonNode body, RuntimeCall call) {
        try (StreamedResponse answer = open(path, post(path, body), call)) {
            return new RawAnswer(answer.status(), answer.text());
        }
    }

    /** An answer of any status. */
    record RawAnswer(int status, String text) {}

    /** Posts a request to a tokenizer and returns the token ids of its answer. */
    int[] tokens(String path, JsonNode body, RuntimeCall call) {
        JsonNode tokens = post(path, body, call).path("tokens");
        if (!tokens.isArray()) {
            throw failures.unusableAnswer(path, "it holds no tokens");
        }
        return InferenceJson.tokens(tokens);
    }

    /** Posts a request whose answer is read event by event. */
    StreamedResponse stream(String path, JsonNode body, RuntimeCall call) {
        return open(path, post(path, body), call).requireSuccess();
    }

    private HttpRequest.Builder post(String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(HttpEndpoints.resolve(base, path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private StreamedResponse open(String path, HttpRequest.Builder builder, RuntimeCall call) {
        call.requireRunning();
        if (!slots.tryAcquire()) {
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED, MOST_CALLS + " calls are already waiting for the server " + base + ".");
        }
        HttpRequest request = builder.build();
        boolean opened = false;
        try {
            HttpResponseStream response = retrier.call(
                    () -> transport.send(request, call.limit(timeout), call.token()),
                    failure -> failure.kind() == HttpFailureKind.CONNECTION_LOST);
            opened = true;
            return new StreamedResponse(new StreamedResponse.Origin(path, call, failures), response, slots::release);
        } catch (IOException e) {
            throw failures.of(path, HttpCallException.of(e), call);
        } catch (InterruptedException e) {
            throw RuntimeFailureMapper.interrupted(e);
        } finally {
            if (!opened) {
                slots.release();
            }
        }
    }

    /** Ends running calls and refuses further ones. */
    @Override
    public void close() {
        transport.close();
    }
}
