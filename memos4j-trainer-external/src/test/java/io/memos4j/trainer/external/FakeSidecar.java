package io.memos4j.trainer.external;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A sidecar on a loopback port that keeps the contract, except for the answers that a test scripts. */
final class FakeSidecar implements AutoCloseable {
    static final String BEGIN = "POST /v1/adapters";
    static final String STATE = "GET /v1/adapters/job-1";
    static final String CONFIG = STATE + "/files/adapter_config.json";
    static final String TENSORS = STATE + "/files/adapter_model.safetensors";
    static final String FORGET = "DELETE /v1/adapters/job-1";

    /** Answers a request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** A request that was received. */
    record Asked(String what, String body, Map<String, List<String>> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Answer>> script = new ConcurrentHashMap<>();
    private final Map<String, Answer> usual = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Starts a sidecar that delivers the adapter of a folder. */
    FakeSidecar(Path adapter) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        usual.put(BEGIN, json(202, "{\"id\":\"job-1\"}"));
        usual.put(STATE, json(200, "{\"state\":\"done\",\"step\":5,\"steps\":5,\"loss\":0.25,\"tokens\":80}"));
        usual.put(CONFIG, exchange -> send(exchange, 200, Files.readAllBytes(adapter.resolve(AdapterImporter.CONFIG))));
        usual.put(
                TENSORS, exchange -> send(exchange, 200, Files.readAllBytes(adapter.resolve(AdapterImporter.TENSORS))));
        usual.put(FORGET, json(200, "{}"));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Scripts the next answers to a request; afterwards the usual one applies again. */
    FakeSidecar then(String what, Answer... answers) {
        script.computeIfAbsent(what, each -> new ConcurrentLinkedDeque<>()).addAll(List.of(answers));
        return this;
    }

    /** Sets the usual answer to a request. */
    FakeSidecar always(String what, Answer answer) {
        usual.put(what, answer);
        return this;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    long count(String what) {
        return asked.stream().filter(each -> each.what.equals(what)).count();
    }

    static Answer json(int status, String body) {
        return exchange -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer running(int step, String loss) {
        return json(200, "{\"state\":\"running\",\"step\":" + step + ",\"steps\":5,\"loss\":" + loss + "}");
    }

    static Answer bytes(byte[] bytes) {
        return exchange -> send(exchange, 200, bytes);
    }

    /** Closes the connection without an answer. */
    static Answer drop() {
        return exchange -> {};
    }

    /** Begins an answer and sends no more until the test ends. */
    Answer stall() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        };
    }

    /** Never ends an answer. */
    static Answer flood() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            OutputStream out = exchange.getResponseBody();
            while (true) {
                out.write(block);
            }
        };
    }

    static Answer redirect(String to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            send(exchange, 307, new byte[0]);
        };
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(what, body, Map.copyOf(exchange.getRequestHeaders())));
            Deque<Answer> next = script.getOrDefault(what, new ConcurrentLinkedDeque<>());
            Answer answer = next.poll();
            if (answer == null) {
                answer = usual.getOrDefault(what, json(404, "Nothing is here."));
            }
            answer.to(exchange);
        }
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
