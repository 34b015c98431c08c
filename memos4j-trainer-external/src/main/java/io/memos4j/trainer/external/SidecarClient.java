package io.memos4j.trainer.external;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of one training to a sidecar. For one thread. What comes is bounded while it comes; a call that finds the
 * sidecar busy, failing or gone is made again, {@value #TRIES} times in all, after 1, 2, 4 and 8 seconds or as long as
 * it asks for.
 */
final class SidecarClient implements AutoCloseable {
    static final int TRIES = 5;

    /** Waits between calls; tests do not. */
    @FunctionalInterface
    interface Pause {
        void rest(Duration time) throws InterruptedException;
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
    private static final long MOST_ANSWER = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    private static final int LONGEST_REST = 60;

    private final HttpTrainerOptions options;
    private final Pause pause;
    private final SidecarFailureMapper failures;
    private final long deadline;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    /** Its time limit runs from now. */
    SidecarClient(HttpTrainerOptions options, Pause pause) {
        this.options = options;
        this.pause = pause;
        this.failures = new SidecarFailureMapper(options);
        this.deadline = System.nanoTime() + options.timeLimit().toNanos();
    }

    SidecarFailureMapper failures() {
        return failures;
    }

    /** Whether the time limit is over. */
    boolean isLate() {
        return System.nanoTime() > deadline;
    }

    /**
     * Asks for a training; its id.
     *
     * @param key by which the sidecar knows a repetition
     */
    String startTraining(Path request, String key) throws InterruptedException, IOException {
        HttpRequest call = call("").header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofFile(request))
                .build();
        JsonNode answer = json(call, 202);
        String id = answer.path("id").asString("");
        if (!ID.matcher(id).matches()) {
            throw failures.unusableAnswer(
                    call,
                    "its id is '" + failures.excerpt(id) + "', not 1 to 128 letters, digits, dashes and underscores");
        }
        return id;
    }

    JsonNode state(String id) throws InterruptedException {
        return json(call("/" + id).GET().build(), 200);
    }

    /** Fetches a file of an adapter. */
    void file(String id, String name, Download to) throws InterruptedException {
        HttpRequest call = call("/" + id + "/files/" + name).GET().build();
        try {
            answer(
                    call,
                    200,
                    new Wanted(
                            () -> BodySubscribers.mapping(BodySubscribers.ofFile(to.path), path -> new byte[0]),
                            to.most));
        } catch (BoundedBody.TooLong e) {
            throw AdapterImporter.tooLarge(name, to.most);
        }
    }

    /** Where a file goes, and how long it may be. */
    record Download(Path path, long most) {}

    /** Tells the sidecar to forget a training; once, and it need not succeed. */
    void deleteTraining(String id) throws InterruptedException, IOException {
        HttpRequest call = call("/" + id).DELETE().build();
        HttpResponse<byte[]> answer = once(call, 200, new Wanted(BodySubscribers::ofByteArray, MOST_ANSWER), FAREWELL);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("HTTP " + answer.statusCode());
        }
    }

    void pausePolling() throws InterruptedException {
        pause.rest(options.poll());
    }

    private HttpRequest.Builder call(String path) {
        String server = options.server().toString().replaceAll("/+$", "");
        HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(server + "/v1/adapters" + path));
        return options.apiKey().isEmpty() ? call : call.header("Authorization", "Bearer " + options.apiKey());
    }

    /** What is done with the body of a good answer, and how long it may be. */
    private record Wanted(Supplier<BodySubscriber<byte[]>> body, long most) {}

    private JsonNode json(HttpRequest call, int good) throws InterruptedException {
        try {
            byte[] body = answer(call, good, new Wanted(BodySubscribers::ofByteArray, MOST_ANSWER));
            return JSON.readTree(body);
        } catch (BoundedBody.TooLong e) {
            throw failures.unusableAnswer(call, "it has more than " + MOST_ANSWER + " bytes");
        } catch (JacksonException e) {
            throw failures.unusableAnswer(call, "it is no JSON");
        }
    }

    private byte[] answer(HttpRequest call, int good, Wanted wanted) throws InterruptedException, BoundedBody.TooLong {
        for (int attempt = 1; ; attempt++) {
            Duration rest = Duration.ofSeconds(1L << (attempt - 1));
            try {
                HttpResponse<byte[]> answer = once(call, good, wanted, options.timeout());
                if (answer.statusCode() == good) {
                    return answer.body();
                }
                if (!SidecarFailureMapper.isTransient(answer.statusCode()) || attempt == TRIES || isLate()) {
                    throw failures.fromStatus(call, answer);
                }
                rest = longer(rest, answer);
            } catch (BoundedBody.TooLong e) {
                throw e;
            } catch (IOException e) {
                if (attempt == TRIES || isLate()) {
                    throw failures.connectionLost(call, e);
                }
            }
            pause.rest(rest);
        }
    }

    private static Duration longer(Duration rest, HttpResponse<?> answer) {
        String asked = answer.headers().firstValue("Retry-After").orElse("");
        Duration wanted =
                Duration.ofSeconds(asked.matches("[0-9]{1,6}") ? Math.min(LONGEST_REST, Integer.parseInt(asked)) : 0);
        return wanted.compareTo(rest) > 0 ? wanted : rest;
    }

    private HttpResponse<byte[]> once(HttpRequest call, int good, Wanted wanted, Duration patience)
            throws InterruptedException, IOException {
        AtomicLong came = new AtomicLong();
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(call, head -> {
            boolean plain = head.statusCode() != good;
            return new BoundedBody(
                    plain ? BodySubscribers.ofByteArray() : wanted.body.get(), plain ? MOST_ANSWER : wanted.most, came);
        });
        try {
            return awaited(sent, came, patience);
        } catch (ExecutionException e) {
            throw asIo(e.getCause() == null ? e : e.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    /** Waits for as long as bytes come, each time within the patience, and not beyond the time limit. */
    private HttpResponse<byte[]> awaited(
            CompletableFuture<HttpResponse<byte[]>> sent, AtomicLong came, Duration patience)
            throws InterruptedException, IOException, ExecutionException {
        while (true) {
            long before = came.get();
            try {
                return sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (came.get() == before || isLate()) {
                    throw new IOException("no answer within " + patience, e);
                }
            }
        }
    }

    /** The client wraps what a body has thrown. */
    private static IOException asIo(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof BoundedBody.TooLong found) {
                return found;
            }
        }
        return failure instanceof IOException found ? found : new IOException(failure.toString(), failure);
    }

    /** Breaks off what still runs. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
