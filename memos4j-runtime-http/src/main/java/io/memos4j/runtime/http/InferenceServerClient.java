package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** The calls to one server. Thread-safe; {@value #MOST_CALLS} at once, further ones are refused. */
final class InferenceServerClient implements AutoCloseable {
    static final int MOST_CALLS = 256;

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int OK = 200;
    private static final int ROUTE_MISSING = 404;

    private final String base;
    private final String key;
    private final Duration timeout;
    private final RuntimeFailureMapper failures;
    private final HttpClient client;
    private final Semaphore room = new Semaphore(MOST_CALLS);

    InferenceServerClient(HttpRuntimeOptions options) {
        this.base = options.server().toString().replaceAll("/+$", "");
        this.key = options.apiKey();
        this.timeout = options.timeout();
        this.failures = new RuntimeFailureMapper(base, key);
        // The offer of HTTP/2 on a plain connection makes uvicorn (vLLM, SGLang) lose the body of the request.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    RuntimeFailureMapper failures() {
        return failures;
    }

    JsonNode get(String path, RuntimeCall call) {
        try (StreamedResponse answer = succeeded(path, open(path, request(path).GET(), call))) {
            return answer.json();
        }
    }

    /** What {@link #get} gives; empty if the server has no such route. */
    Optional<JsonNode> find(String path, RuntimeCall call) {
        try (StreamedResponse answer = open(path, request(path).GET(), call)) {
            return answer.status() == ROUTE_MISSING
                    ? Optional.empty()
                    : Optional.of(succeeded(path, answer).json());
        }
    }

    JsonNode post(String path, JsonNode body, RuntimeCall call) {
        try (StreamedResponse answer = stream(path, body, call)) {
            return answer.json();
        }
    }

    /** What the server answers, of whatever status. */
    RawAnswer answer(String path, JsonNode body, RuntimeCall call) {
        try (StreamedResponse answer = open(path, posting(path, body), call)) {
            return new RawAnswer(answer.status(), answer.text());
        }
    }

    /** An answer as it came. */
    record RawAnswer(int status, String text) {}

    /** The token ids that a tokenizer answers with. */
    int[] tokens(String path, JsonNode body, RuntimeCall call) {
        JsonNode tokens = post(path, body, call).path("tokens");
        if (!tokens.isArray()) {
            throw failures.unusableAnswer(path, "it holds no tokens");
        }
        return InferenceJson.tokens(tokens);
    }

    /** An answer that is read event by event. */
    StreamedResponse stream(String path, JsonNode body, RuntimeCall call) {
        return succeeded(path, open(path, posting(path, body), call));
    }

    private HttpRequest.Builder posting(String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private StreamedResponse succeeded(String path, StreamedResponse answer) {
        if (answer.status() == OK) {
            return answer;
        }
        try (answer) {
            throw failures.fromStatus(path, answer.status(), answer.text());
        }
    }

    private StreamedResponse open(String path, HttpRequest.Builder request, RuntimeCall call) {
        call.requireRunning();
        if (!room.tryAcquire()) {
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED, MOST_CALLS + " calls wait for the server " + base + " already.");
        }
        try {
            HttpResponse<Body> response = send(path, request.build(), call);
            call.onEnd(response.body()::cancel);
            StreamedResponse.Origin origin = new StreamedResponse.Origin(path, call, failures, call.wait(timeout));
            return new StreamedResponse(origin, response.statusCode(), response.body(), room::release);
        } catch (RuntimeException e) {
            room.release();
            throw e;
        }
    }

    /**
     * Sends a request, and once more if the connection turns out to be closed: llama-server closes one after a hundred
     * requests, which may cross with the next. Each request may be repeated, since it names all that it builds on.
     */
    private HttpResponse<Body> send(String path, HttpRequest request, RuntimeCall call) {
        try {
            return attempt(path, request, call);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof IOException) || e.getCause() instanceof ConnectException) {
                throw lost(path, e, call);
            }
        }
        try {
            return attempt(path, request, call);
        } catch (ExecutionException e) {
            throw lost(path, e, call);
        }
    }

    private MemoryException lost(String path, ExecutionException failure, RuntimeCall call) {
        call.requireRunning();
        return failures.connectionLost(path, failure.getCause() == null ? failure : failure.getCause());
    }

    private HttpResponse<Body> attempt(String path, HttpRequest request, RuntimeCall call) throws ExecutionException {
        call.requireRunning();
        CompletableFuture<HttpResponse<Body>> sent = client.sendAsync(request, head -> new Body());
        call.onEnd(() -> sent.cancel(true));
        try {
            return sent.get(call.wait(timeout).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            abandon(sent);
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the server.", e);
        } catch (TimeoutException e) {
            abandon(sent);
            throw failures.timeout(path, call.wait(timeout));
        } catch (CancellationException e) {
            call.requireRunning();
            throw failures.connectionLost(path, e);
        }
    }

    private static void abandon(CompletableFuture<HttpResponse<Body>> sent) {
        sent.cancel(true);
        sent.thenAccept(late -> late.body().cancel());
    }

    /** Lets running calls end and takes no more. */
    @Override
    public void close() {
        client.shutdown();
    }
}
