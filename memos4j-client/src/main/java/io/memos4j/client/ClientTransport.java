package io.memos4j.client;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpRetrier;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.ServerSentEvent;
import io.memos4j.http.ServerSentEventReader;
import io.memos4j.http.WaitLimit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Sends calls and reads their answers. Thread-safe.
 *
 * <p>A failed call is sent again if it did not reach the server, or if the server rejected it because of its rate
 * limit; a call that may have had an effect is sent again only if it is safe to repeat.
 */
final class ClientTransport {
    private static final int MAX_ANSWER_BYTES = 1 << 30;
    private static final int MAX_PROBLEM_BYTES = 1 << 20;
    private static final int MAX_EVENT_BYTES = 1 << 24;
    private static final int TOO_MANY = 429;

    private final URI base;
    private final String key;
    private final ClientOptions options;
    private final HttpRetrier retrier;
    private final HttpTransport transport;

    ClientTransport(URI base, String key, ClientOptions options, HttpRetrier.Pause pause) {
        this.base = base;
        this.key = key;
        this.options = options;
        this.retrier = new HttpRetrier(options.retries(), pause);
        this.transport =
                new HttpTransport(HttpTransport.clientBuilder(options.connect()).build());
    }

    /** Sends a call and returns its answer as JSON. */
    JsonNode json(ClientCall call) {
        return ClientJson.read(send(call));
    }

    <T> T as(Class<T> type, ClientCall call) {
        return ClientJson.as(type, json(call));
    }

    /** Sends a call and returns the body of its answer, perhaps empty. */
    byte[] send(ClientCall call) {
        Duration timeout = timeout(call);
        HttpRequest request = request(call, "application/json").build();
        return withRetries(call, () -> {
            try (HttpResponseStream response = sendOnce(request, WaitLimit.perWait(timeout))) {
                return response.readAll(MAX_ANSWER_BYTES);
            }
        });
    }

    /**
     * Sends a call and passes the data of each server-sent event to a reader, on this thread, until the answer ends.
     */
    void events(ClientCall call, Consumer<String> reader) {
        // Events may be any time apart, so only the head of the answer has a timeout.
        HttpRequest request =
                request(call, "text/event-stream").timeout(timeout(call)).build();
        try (HttpResponseStream response = withRetries(call, () -> sendOnce(request, WaitLimit.none()))) {
            ServerSentEventReader events = response.events(MAX_EVENT_BYTES);
            for (Optional<ServerSentEvent> event = events.next(); event.isPresent(); event = events.next()) {
                reader.accept(event.get().data());
            }
        } catch (HttpCallException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpResponseStream sendOnce(HttpRequest request, WaitLimit limit) throws IOException, InterruptedException {
        HttpResponseStream response = transport.send(request, limit);
        if (response.isSuccess()) {
            return response;
        }
        try (response) {
            throw response.failure(MAX_PROBLEM_BYTES);
        }
    }

    private <T> T withRetries(ClientCall call, HttpRetrier.Attempt<T> attempt) {
        try {
            return retrier.call(attempt, failure -> isRepeatable(call, failure));
        } catch (IOException e) {
            throw failure(HttpCallException.of(e));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static boolean isRepeatable(ClientCall call, HttpCallException failure) {
        if (failure.status() > 0) {
            return failure.status() == TOO_MANY
                    || call.repeatable()
                            && ProblemResponse.of(failure.status(), failure.body())
                                    .retryable();
        }
        return call.repeatable() || failure.kind() == HttpFailureKind.NOT_CONNECTED;
    }

    private MemoryClientException failure(HttpCallException failure) {
        if (failure.status() > 0) {
            return new MemoryClientException(ProblemResponse.of(failure.status(), failure.body()));
        }
        boolean late = failure.kind() == HttpFailureKind.TIMED_OUT || failure.isConnectTimeout();
        boolean begun = failure.kind() != HttpFailureKind.NOT_CONNECTED;
        ProblemResponse problem = ProblemResponse.local(
                late ? MemoryClientException.TIMEOUT : MemoryClientException.UNREACHABLE,
                (late ? "No answer in time from " : "No answer from ") + base + ": " + failure.reason()
                        + (begun ? ". The call may have had an effect." : "."),
                true);
        return new MemoryClientException(problem, failure);
    }

    private static MemoryClientException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new MemoryClientException(
                ProblemResponse.local(MemoryClientException.INTERRUPTED, "The call was interrupted.", true), e);
    }

    private Duration timeout(ClientCall call) {
        return options.call().plus(call.extraTime());
    }

    private HttpRequest.Builder request(ClientCall call, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(HttpEndpoints.resolve(base, call.path()))
                .header("Authorization", "Bearer " + key)
                .header("Accept", accept)
                .method(
                        call.method(),
                        call.body()
                                .map(body -> BodyPublishers.ofByteArray(ClientJson.write(body)))
                                .orElseGet(BodyPublishers::noBody));
        call.body().ifPresent(body -> request.header("Content-Type", "application/json"));
        call.headers().forEach(request::setHeader);
        return request;
    }
}
