package io.memos4j.bench.performance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Measures the throughput of a server over the loopback, with server and client sharing the processors of this machine,
 * and the memory cost of idle streams. {@code -Dmemos4j.bench.minutes=60} adds a soak test under a steady load.
 */
final class ServerBenchmark {
    private static final int ITEMS = 10_000;
    private static final int BATCH = 500;
    private static final int QUERIES = 200;
    private static final int CLIENTS = 8;
    private static final int WRITERS = 16;
    private static final int STREAMS = 1_000;
    private static final Duration SPAN = Duration.ofSeconds(15);
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final int SOAK_CALLS_PER_SECOND = 50;

    private final ChildJvm process;
    private final String key;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerBenchmark(ChildJvm process, String key, String url) {
        this.process = process;
        this.key = key;
        this.url = url;
    }

    /** The calls per second, and the time of each. */
    private record Load(double perSecond, LatencySamples took) {}

    static List<BenchmarkFigure> run() {
        List<String> options = List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector");
        try (ScratchDirectory workspace = new ScratchDirectory();
                ChildJvm process = new ChildJvm(BenchServerProcess.class, options, workspace.folder("server"))) {
            String[] started = process.readLine().split(" ", 2);
            return new ServerBenchmark(process, started[0], started[1]).measure();
        }
    }

    private List<BenchmarkFigure> measure() {
        fill();
        List<String> queries = queries();
        load(CLIENTS, SPAN, i -> search(queries.get(i % QUERIES)));
        List<BenchmarkFigure> figures = new ArrayList<>();
        Load search = load(CLIENTS, SPAN, i -> search(queries.get(i % QUERIES)));
        figures.add(BenchmarkFigure.atLeast("search in 10,000 items, 8 clients", search.perSecond, "/s", 300));
        figures.add(BenchmarkFigure.atMost("the same, p99", search.took.percentile(99), "ms", 100));
        Load add = load(WRITERS, SPAN, i -> post("/v1/cubes/added/memories", "{\"text\":\"Memory number " + i + "\"}"));
        figures.add(BenchmarkFigure.atLeast("durable adds with audit, 16 clients", add.perSecond, "/s", 500));
        figures.add(BenchmarkFigure.baseline("the same, p99", add.took.percentile(99), "ms"));
        Load health = load(CLIENTS, SPAN, i -> get("/v1/health"));
        figures.add(BenchmarkFigure.baseline("GET /v1/health, 8 clients", health.perSecond, "/s"));
        figures.addAll(streams());
        figures.addAll(soak(queries));
        return figures;
    }

    private void fill() {
        SyntheticText text = new SyntheticText(7);
        for (int i = 0; i < ITEMS; i += BATCH) {
            StringBuilder messages = new StringBuilder();
            text.messages(BATCH, i)
                    .forEach(message -> messages.append(messages.isEmpty() ? "" : ",")
                            .append("{\"text\":\"")
                            .append(message.text().replace("\"", ""))
                            .append("\"}"));
            requireSuccess(send(post("/v1/cubes/large/memories", "{\"messages\":[" + messages + "]}")));
        }
        requireSuccess(send(
                post("/v1/cubes/large/memories", "{\"text\":\"the last\",\"mode\":\"sync\",\"timeout_ms\":300000}")));
        requireSuccess(send(post("/v1/cubes/large/maintain?timeout_ms=300000", "")));
    }

    private static List<String> queries() {
        SyntheticText text = new SyntheticText(8);
        return IntStream.range(0, QUERIES)
                .mapToObj(i -> "What did Alice say about " + text.sentence(6).replace("\"", ""))
                .toList();
    }

    private HttpRequest search(String query) {
        return post("/v1/cubes/large/search", "{\"query\":\"" + query + "\"}");
    }

    private HttpRequest post(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest get(String path) {
        return request(path).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }

    private static void requireSuccess(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException("The server answered " + response.statusCode() + ": " + response.body());
        }
    }

    /** Runs clients that each call again as soon as they have an answer. */
    private Load load(int clients, Duration span, IntFunction<HttpRequest> call) {
        AtomicInteger number = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + span.toNanos();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> running = IntStream.range(0, clients)
                    .mapToObj(client -> executor.submit(() -> {
                        List<Long> times = new ArrayList<>();
                        while (System.nanoTime() < end) {
                            long before = System.nanoTime();
                            requireSuccess(send(call.apply(number.getAndIncrement())));
                            times.add(System.nanoTime() - before);
                        }
                        return times;
                    }))
                    .toList();
            LatencySamples took = new LatencySamples();
            int calls = 0;
            for (Future<List<Long>> each : running) {
                for (long time : each.get()) {
                    took.add(time);
                    calls++;
                }
            }
            return new Load(calls / ((System.nanoTime() - start) / 1e9), took);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A client failed.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }

    /** Opens event streams of a task that is not due. */
    private List<BenchmarkFigure> streams() {
        requireSuccess(send(post("/v1/cubes/large/pause", "")));
        HttpResponse<String> task = send(post("/v1/cubes/large/tasks", "{\"kind\":\"link\"}"));
        requireSuccess(task);
        String id = task.body().replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1");
        double before = ResidentMemory.megabytes(process.pid());
        List<CompletableFuture<HttpResponse<InputStream>>> open = IntStream.range(0, STREAMS)
                .mapToObj(i -> client.sendAsync(
                        request("/v1/tasks/" + id + "/events")
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofInputStream()))
                .toList();
        open.forEach(CompletableFuture::join);
        pause(SETTLING);
        double more = ResidentMemory.megabytes(process.pid()) - before;
        open.forEach(each -> close(each.join()));
        requireSuccess(send(post("/v1/cubes/large/resume", "")));
        return List.of(BenchmarkFigure.atMost("1,000 idle event streams, resident", more, "MiB", 200));
    }

    private static void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Searches, adds and deletes at a steady rate, and measures the growth of memory in the second half. */
    private List<BenchmarkFigure> soak(List<String> queries) {
        int minutes = Integer.getInteger("memos4j.bench.minutes", 0);
        if (minutes == 0) {
            return List.of();
        }
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        double half = 0;
        for (int second = 0; System.nanoTime() < end; second++) {
            for (int i = 0; i < SOAK_CALLS_PER_SECOND; i++) {
                requireSuccess(send(search(queries.get((second + i) % QUERIES))));
            }
            requireSuccess(send(post(
                    "/v1/cubes/soaked/memories", "{\"text\":\"Memory of second " + second + "\",\"session\":\"s\"}")));
            requireSuccess(send(post("/v1/cubes/soaked/forget", "{\"session\":\"s\"}")));
            if (second == minutes * 30) {
                half = ResidentMemory.megabytes(process.pid());
            }
            pause(Duration.ofMillis(500));
        }
        double last = ResidentMemory.megabytes(process.pid());
        return List.of(
                BenchmarkFigure.atMost(
                        "growth of memory in the second half of " + minutes + " minutes",
                        100 * (last / half - 1),
                        "%",
                        10),
                BenchmarkFigure.baseline("resident at the end", last, "MiB"));
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }
}
