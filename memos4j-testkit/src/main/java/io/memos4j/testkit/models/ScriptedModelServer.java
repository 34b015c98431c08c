package io.memos4j.testkit.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A model provider on a loopback port, which answers what a test tells it to. Thread-safe.
 *
 * <p>It speaks OpenAI chat completions ({@code POST /v1/chat/completions}), Anthropic messages ({@code POST
 * /v1/messages}) and rerank ({@code POST /rerank} and {@code /v1/rerank}), as a stream only by {@link Answer#stream}. A
 * request takes the next answer of {@link #then}; when there is none, that of {@link #otherwise}; without that, it gets
 * status 500. Closing lets go of the requests that hang.
 */
public final class ScriptedModelServer implements AutoCloseable {
    /** The input tokens that every text answer reports. */
    public static final int INPUT_TOKENS = 11;
    /** The output tokens that every text answer reports. */
    public static final int OUTPUT_TOKENS = 7;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Request, Answer> fallback =
            request -> Answer.status(500, "Nothing is scripted for " + request.path() + ".");

    private ScriptedModelServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Starts a server on a free port. */
    public static ScriptedModelServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService threads = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("scripted-model-", 0).factory());
            ScriptedModelServer scripted = new ScriptedModelServer(server, threads);
            server.createContext("/", scripted::handle);
            server.setExecutor(threads);
            server.start();
            return scripted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Queues answers; each is given once. */
    public ScriptedModelServer then(Answer... answers) {
        script.addAll(Arrays.asList(answers));
        return this;
    }

    /** Answers the requests for which the queue has nothing; may be asked by many threads at once. */
    public ScriptedModelServer otherwise(Function<Request, Answer> answer) {
        fallback = answer;
        return this;
    }

    /** The base address of both chat protocols, {@code http://127.0.0.1:port/v1}. */
    public URI baseUrl() {
        return uri("/v1");
    }

    /** The address of a path, for example {@code /rerank}. */
    public URI uri(String path) {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
    }

    /** Returns the requests so far, in order of arrival. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    ProviderJson.headers(exchange),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            give(next(request), request, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer next(Request request) {
        Answer queued = script.poll();
        if (queued != null) {
            return queued;
        }
        try {
            return fallback.apply(request);
        } catch (RuntimeException | AssertionError e) {
            return Answer.status(500, "The script failed: " + e);
        }
    }

    private void give(Answer answer, Request request, HttpExchange exchange) throws IOException, InterruptedException {
        switch (answer) {
            case Answer.Hang hang -> closed.await();
            case Answer.Drop drop -> {} // Closing an exchange without an answer closes its connection.
            case Answer.Raw raw -> {
                raw.headers().forEach(exchange.getResponseHeaders()::set);
                send(exchange, raw.status(), raw.body());
            }
            case Answer.Stream stream -> stream(exchange, stream.feed());
            case Answer.Scores scores -> send(exchange, 200, ProviderJson.scores(scores.scores()));
            case Answer.Empty empty -> send(exchange, 200, ProviderJson.empty(request.path()));
            case Answer.Text text -> {
                if (!closed.await(text.delay().toNanos(), TimeUnit.NANOSECONDS)) {
                    send(exchange, 200, ProviderJson.text(request.path(), text.text(), text.truncated()));
                }
            }
        }
    }

    /** A stream that breaks off promises more bytes than it has. */
    private static void stream(HttpExchange exchange, SseEventFeed feed) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, feed.proper() ? 0 : Long.MAX_VALUE);
        feed.writeTo(exchange.getResponseBody());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * A request of a client.
     *
     * @param method the HTTP method
     * @param path without the query string
     * @param headers by name in lower case
     * @param body the JSON text
     */
    public record Request(String method, String path, Map<String, String> headers, String body) {
        /** The header {@code authorization}, empty if absent. */
        public String authorization() {
            return headers.getOrDefault("authorization", "");
        }

        /** The header {@code x-api-key}, empty if absent. */
        public String apiKey() {
            return headers.getOrDefault("x-api-key", "");
        }

        /** The instructions of a chat request, empty if there are none. */
        public String system() {
            return ProviderJson.system(body);
        }

        /** Returns the user's text in a chat request; the query of a rerank request. */
        public String user() {
            return ProviderJson.user(body);
        }

        /** The documents of a rerank request. */
        public List<String> documents() {
            return ProviderJson.documents(body);
        }
    }

    /** Reaction of the server to one request. */
    public sealed interface Answer {
        /** A complete answer. */
        static Answer text(String text) {
            return new Text(text, false, Duration.ZERO);
        }

        /** A complete answer, after a while. */
        static Answer slow(Duration delay, String text) {
            return new Text(text, false, delay);
        }

        /** An answer that ends because of the length limit. */
        static Answer truncated(String text) {
            return new Text(text, true, Duration.ZERO);
        }

        /** The relevance of each document, in their order, for a rerank request. */
        static Answer scores(double... scores) {
            return new Scores(Arrays.stream(scores).boxed().toList());
        }

        /** A status and a body as they are. */
        static Answer status(int status, String body) {
            return new Raw(status, body, Map.of());
        }

        /** A status, headers and a body as they are. */
        static Answer status(int status, String body, Map<String, String> headers) {
            return new Raw(status, body, headers);
        }

        /** Server-sent events as they are fed. */
        static Answer stream(SseEventFeed feed) {
            return new Stream(feed);
        }

        /** Status 200 with a body that is not JSON. */
        static Answer garbage() {
            return new Raw(200, "<html>Bad gateway</html>", Map.of());
        }

        /** A well-formed answer that holds nothing: no choices, no content, no results. */
        static Answer empty() {
            return new Empty();
        }

        /** No answer until the server closes. */
        static Answer hang() {
            return new Hang();
        }

        /** The connection is closed without an answer. */
        static Answer drop() {
            return new Drop();
        }

        /** See {@link #text}, {@link #slow} and {@link #truncated}. */
        record Text(String text, boolean truncated, Duration delay) implements Answer {}

        /** See {@link #scores}. */
        record Scores(List<Double> scores) implements Answer {}

        /** See {@link #status}. */
        record Raw(int status, String body, Map<String, String> headers) implements Answer {}

        /** See {@link #stream}. */
        record Stream(SseEventFeed feed) implements Answer {}

        /** See {@link #empty}. */
        record Empty() implements Answer {}

        /** See {@link #hang}. */
        record Hang() implements Answer {}

        /** See {@link #drop}. */
        record Drop() implements Answer {}
    }
}
