package io.memos4j.trainer.external;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpRetrier;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.WaitLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the calls of one training to a sidecar. For one thread. Answers are bounded while they arrive; a call that
 * finds the sidecar busy, failing or gone is repeated.
 */
final class SidecarClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final HttpTrainerOptions options;
    private final HttpRetrier retrier;
    private final SidecarFailureMapper failures;
    private final long deadline;
    private final HttpTransport transport =
            new HttpTransport(HttpTransport.clientBuilder(CONNECT).build());

    /** Creates a client; the time limit of the training runs from now on. */
    SidecarClient(HttpTrainerOptions options, HttpRetrier retrier) {
        this.options = options;
        this.retrier = retrier;
        this.failures = new SidecarFailureMapper(options);
        this.deadline = System.nanoTime() + options.timeLimit().toNanos();
    }

    SidecarFailureMapper failures() {
        return failures;
    }

    /** Tells whether the time limit is over. */
    boolean isLate() {
        return System.nanoTime() > deadline;
    }

    /**
     * Starts a training and returns its id.
     *
     * @param key by which the sidecar recognizes a repetition
     */
    String startTraining(Path request, String key) throws InterruptedException, IOException {
        HttpRequest call = call("").header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofFile(request))
                .build();
        String id = json(call, ACCEPTED).path("id").asString("");
        if (!ID.matcher(id).matches()) {
            throw failures.unusableAnswer(
                    call,
                    "its id is '" + failures.excerpt(id) + "', not 1 to 128 letters, digits, dashes and underscores");
        }
        return id;
    }

    JsonNode readState(String id) throws InterruptedException {
        return json(call("/" + id).GET().build(), OK);
    }

    /** Downloads a file of an adapter, of at most {@code maxBytes}. */
    void downloadFile(String id, String name, Path target, long maxBytes) throws InterruptedException, IOException {
        HttpRequest call = call("/" + id + "/files/" + name).GET().build();
        try {
            repeat(call, OK, response -> {
                try (OutputStream out = Files.newOutputStream(target)) {
                    response.copyTo(out, maxBytes);
                    return true;
                }
            });
        } catch (HttpCallException e) {
            throw e.kind() == HttpFailureKind.ANSWER_TOO_LARGE
                    ? AdapterImporter.tooLarge(name, maxBytes)
                    : failures.of(call, e);
        }
    }

    /** Tells the sidecar to delete a training; once, and it need not succeed. */
    void deleteTraining(String id) throws InterruptedException, IOException {
        try (HttpResponseStream answer = transport.send(call("/" + id).DELETE().build(), WaitLimit.whole(FAREWELL))) {
            if (!answer.isSuccess()) {
                throw answer.failure(MAX_ANSWER_BYTES);
            }
        }
    }

    private HttpRequest.Builder call(String path) {
        HttpRequest.Builder call =
                HttpRequest.newBuilder(HttpEndpoints.resolve(options.server(), "/v1/adapters" + path));
        return options.apiKey().isEmpty() ? call : call.header("Authorization", "Bearer " + options.apiKey());
    }

    private JsonNode json(HttpRequest call, int success) throws InterruptedException {
        try {
            byte[] body = repeat(call, success, response -> response.readAll(MAX_ANSWER_BYTES));
            return JSON.readTree(body);
        } catch (IOException e) {
            throw failures.of(call, HttpCallException.of(e));
        } catch (JacksonException e) {
            throw failures.unusableAnswer(call, "it is not JSON");
        }
    }

    /** Reads a successful answer. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(HttpResponseStream response) throws IOException, InterruptedException;
    }

    private <T> T repeat(HttpRequest call, int success, Reading<T> reading) throws InterruptedException, IOException {
        return retrier.call(() -> attempt(call, success, reading), this::isRepeatable);
    }

    private <T> T attempt(HttpRequest call, int success, Reading<T> reading) throws InterruptedException, IOException {
        try (HttpResponseStream response = transport.send(call, limit())) {
            if (response.status() != success) {
                throw response.failure(MAX_ANSWER_BYTES);
            }
            return reading.read(response);
        }
    }

    /** Waits for as long as bytes arrive, but not beyond the time limit. */
    private WaitLimit limit() {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        Duration timeout = options.timeout();
        return WaitLimit.perWait(timeout).within(left.compareTo(timeout) > 0 ? left : timeout);
    }

    private boolean isRepeatable(HttpCallException failure) {
        return failure.kind().retryable() && !isLate();
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        transport.close();
    }
}
