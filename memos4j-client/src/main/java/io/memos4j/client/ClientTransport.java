package io.memos4j.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Sends calls and parses answers. Thread-safe.
 *
 * <p>A failed call is sent again if it did not reach the server, or if the server rejected it because of its rate
 * limit; a call that may have had an effect is sent again only if it is safe to repeat. Pauses grow and vary at random,
 * so that clients that failed together do not retry together.
 */
final class ClientTransport {
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int TOO_MANY = 429;

    private final URI base;
    private final String key;
    private final ClientOptions setting;
    private final Pause pause;
    private final HttpClient http;

    /** Pauses the thread; replaced in tests. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    ClientTransport(URI base, String key, ClientOptions setting, Pause pause) {
        this.base = base;
        this.key = key;
        this.setting = setting;
        this.pause = pause;
        this.http = HttpClient.newBuilder().connectTimeout(setting.connect()).build();
    }

    /** Returns the answer as JSON. */
    JsonNode json(ClientCall call) {
        return ClientJson.read(send(call, BodyHandlers.ofByteArray(), "application/json"));
    }

    <T> T as(Class<T> type, ClientCall call) {
        return ClientJson.as(type, json(call));
    }

    /** Makes a call whose answer has no body. */
    void sendForStatus(ClientCall call) {
        send(call, BodyHandlers.ofByteArray(), "application/json");
    }

    /** Returns the lines of server-sent events; the caller closes the stream. */
    Stream<String> lines(ClientCall call) {
        return send(call, BodyHandlers.ofLines(), "text/event-stream");
    }

    private <T> T send(ClientCall call, BodyHandler<T> handler, String accept) {
        HttpRequest request = request(call, accept);
        for (int tried = 1; ; tried++) {
            Failure failure;
            try {
                HttpResponse<Answer<T>> response = http.send(request, info -> answer(info, handler));
                Optional<T> body = response.body().body;
                if (body.isPresent()) {
                    return body.get();
                }
                failure = refused(call, response, response.body().problem);
            } catch (IOException e) {
                failure = unanswered(call, e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            if (!failure.again || tried >= setting.tries()) {
                throw failure.exception;
            }
            rest(failure, tried);
        }
    }

    /**
     * An answer.
     *
     * @param body the body of a successful answer
     * @param problem the body of an error answer
     */
    private record Answer<T>(Optional<T> body, byte[] problem) {}

    private static <T> BodySubscriber<Answer<T>> answer(ResponseInfo info, BodyHandler<T> handler) {
        return isSuccess(info.statusCode())
                ? BodySubscribers.mapping(handler.apply(info), body -> new Answer<>(Optional.of(body), new byte[0]))
                : BodySubscribers.mapping(
                        BodySubscribers.ofByteArray(), problem -> new Answer<>(Optional.<T>empty(), problem));
    }

    private static boolean isSuccess(int status) {
        return status >= OK && status < MULTIPLE_CHOICES;
    }

    /**
     * A failed try.
     *
     * @param again true if the call may be sent again
     * @param asked the pause that the server asks for
     */
    private record Failure(MemoryClientException exception, boolean again, Optional<Duration> asked) {}

    private Failure refused(ClientCall call, HttpResponse<?> response, byte[] body) {
        ProblemResponse problem = ProblemResponse.of(response.statusCode(), body);
        Optional<Duration> asked = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        boolean again = problem.status() == TOO_MANY || call.repeatable() && problem.retryable();
        boolean patient =
                asked.map(wait -> wait.compareTo(setting.longestPause()) <= 0).orElse(true);
        return new Failure(new MemoryClientException(problem), again && patient, asked);
    }

    private Failure unanswered(ClientCall call, IOException e) {
        boolean begun = !(e instanceof ConnectException || e instanceof HttpConnectTimeoutException);
        boolean late = e instanceof HttpTimeoutException;
        ProblemResponse problem = ProblemResponse.local(
                late ? MemoryClientException.TIMEOUT : MemoryClientException.UNREACHABLE,
                (late ? "No answer in time from " : "No answer from ") + base + ": " + e
                        + (begun ? ". The call may have had an effect." : "."),
                true);
        return new Failure(new MemoryClientException(problem, e), !begun || call.repeatable(), Optional.empty());
    }

    private static MemoryClientException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new MemoryClientException(
                ProblemResponse.local(MemoryClientException.INTERRUPTED, "The call was interrupted.", true), e);
    }

    private void rest(Failure failure, int tried) {
        try {
            pause.of(failure.asked.orElseGet(
                    () -> setting.pauseAfter(tried, ThreadLocalRandom.current().nextDouble())));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest request(ClientCall call, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path()))
                .timeout(setting.call().plus(call.extraTime()))
                .header("Authorization", "Bearer " + key)
                .header("Accept", accept)
                .method(
                        call.method(),
                        call.body()
                                .map(body -> BodyPublishers.ofByteArray(ClientJson.write(body)))
                                .orElseGet(BodyPublishers::noBody));
        call.body().ifPresent(body -> request.header("Content-Type", "application/json"));
        call.headers().forEach(request::setHeader);
        return request.build();
    }
}
