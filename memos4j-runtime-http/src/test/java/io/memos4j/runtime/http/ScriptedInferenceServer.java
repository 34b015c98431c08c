package io.memos4j.runtime.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An inference server on a loopback port that behaves like the real one, and fails when told to. Thread-safe. */
abstract class ScriptedInferenceServer implements AutoCloseable {
    /** What the server does with the next request to a path instead of answering it. */
    sealed interface Fault {
        /** Answers so. */
        record Says(int status, String body) implements Fault {}

        /** Closes the connection without an answer. */
        record Drops() implements Fault {}

        /** Says nothing until the server closes. */
        record Hangs() implements Fault {}

        /** Breaks off in the midst of what it streams. */
        record Cuts(int events) implements Fault {}

        /** Stops in the midst of what it streams, and keeps the connection. */
        record Stalls(int events) implements Fault {}

        /** Sends bytes without end. */
        record Floods() implements Fault {}
    }

    /** A request of a client. */
    record Request(String method, String path, String query, String authorization, JsonNode body) {}

    /** What a route answers: as a whole, or one by one. */
    sealed interface Reply {
        record Whole(int status, JsonNode body) implements Reply {}

        record Events(EventSource source) implements Reply {}
    }

    /** Makes events. */
    interface EventSource {
        void feed(EventTarget target) throws IOException;
    }

    /** Takes events. */
    interface EventTarget {
        void event(String data) throws IOException;
    }

    static {
        // Otherwise answers wait for the acknowledgement of their heads, 40 ms each.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);

    ScriptedInferenceServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Answers a request. */
    abstract Reply answer(Request request) throws IOException;

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    HttpRuntimeOptions options() {
        return HttpRuntimeOptions.of(address());
    }

    /** Takes back what was to fail. */
    void forgetFaults() {
        faults.clear();
    }

    /** Lets the next request to a path fail. */
    void fault(String path, Fault fault) {
        faults.computeIfAbsent(path, any -> new ConcurrentLinkedQueue<>()).add(fault);
    }

    List<Request> requests(String path) {
        return requests.stream().filter(each -> each.path().equals(path)).toList();
    }

    /** Opens when a client has gone away from a stream. */
    CountDownLatch abandoned() {
        return abandoned;
    }

    static Reply whole(JsonNode body) {
        return new Reply.Whole(200, body);
    }

    static Reply error(int status, String message) {
        ObjectNode body = InferenceJson.object();
        body.putObject("error").put("code", status).put("message", message);
        return new Reply.Whole(status, body);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            URI uri = exchange.getRequestURI();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            Request request = new Request(
                    exchange.getRequestMethod(),
                    uri.getPath(),
                    uri.getQuery() == null ? "" : uri.getQuery(),
                    authorization == null ? "" : authorization,
                    body.isEmpty() ? InferenceJson.object() : InferenceJson.MAPPER.readTree(body));
            requests.add(request);
            Queue<Fault> planned = faults.get(request.path());
            Fault fault = planned == null ? null : planned.poll();
            if (fault == null) {
                give(answer(request), exchange, Integer.MAX_VALUE, false);
            } else {
                fail(fault, request, exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Fault fault, Request request, HttpExchange exchange) throws IOException, InterruptedException {
        switch (fault) {
            case Fault.Says says -> send(exchange, says.status, says.body);
            case Fault.Drops drops -> {} // Closing an exchange without an answer closes its connection.
            case Fault.Hangs hangs -> closed.await();
            case Fault.Cuts cuts -> give(answer(request), exchange, cuts.events, false);
            case Fault.Stalls stalls -> give(answer(request), exchange, stalls.events, true);
            case Fault.Floods floods -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] block = new byte[1 << 16];
                while (true) {
                    exchange.getResponseBody().write(block);
                }
            }
        }
    }

    private void give(Reply reply, HttpExchange exchange, int most, boolean stall)
            throws IOException, InterruptedException {
        switch (reply) {
            case Reply.Whole whole -> send(exchange, whole.status, whole.body.toString());
            case Reply.Events events -> stream(events, exchange, most, stall);
        }
    }

    private void stream(Reply.Events events, HttpExchange exchange, int most, boolean stall)
            throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        // A stream that is cut promises more bytes than it has.
        exchange.sendResponseHeaders(200, most == Integer.MAX_VALUE ? 0 : Long.MAX_VALUE);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        int[] sent = {0};
        try {
            events.source.feed(data -> {
                if (sent[0]++ < most) {
                    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            });
        } catch (IOException e) {
            abandoned.countDown();
            throw e;
        }
        if (stall) {
            closed.await();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
