package io.memos4j.bench.performance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Measures how far the flood of one principal moves the searches and adds of another, with server and clients sharing
 * the processors of this machine. Both have 5,000 memories.
 */
final class FairnessBenchmark {
    private static final int ITEMS = 5_000;
    private static final int FLOOD = 200;
    private static final int BATCH = 10_000;
    private static final int QUERIES = 100;
    private static final Duration SPAN = Duration.ofSeconds(15);

    private final String administrator;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> queries = new ArrayList<>();

    private FairnessBenchmark(String administrator, String url) {
        this.administrator = administrator;
        this.url = url;
        SyntheticText text = new SyntheticText(8);
        for (int i = 0; i < QUERIES; i++) {
            queries.add("{\"query\":\"What did Alice say about " + text.sentence(6) + "\"}");
        }
    }

    static List<BenchmarkFigure> run() {
        List<String> options = List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector");
        try (ScratchDirectory workspace = new ScratchDirectory();
                ChildJvm process = new ChildJvm(BenchServerProcess.class, options, workspace.folder("server"))) {
            String[] started = process.readLine().split(" ", 2);
            return new FairnessBenchmark(started[0], started[1]).measure();
        }
    }

    private List<BenchmarkFigure> measure() {
        String quiet = principal("quiet");
        String flooding = principal("flooding");
        send(quiet, "/v1/cubes/own/memories", batch(1, ITEMS));
        send(flooding, "/v1/cubes/own/memories", batch(2, ITEMS));
        searches(quiet, SPAN.multipliedBy(3)); // Warms up.
        LatencySamples alone = searches(quiet, SPAN);
        LatencySamples addsAlone = adds(quiet, SPAN);
        List<BenchmarkFigure> figures = new ArrayList<>();
        figures.add(BenchmarkFigure.baseline("searches of one principal, p95", alone.percentile(95), "ms"));
        figures.add(BenchmarkFigure.baseline("its adds, p95", addsAlone.percentile(95), "ms"));
        try (Flood flood = new Flood(FLOOD, () -> send(flooding, "/v1/cubes/own/search", queries.getFirst()))) {
            LatencySamples during = searches(quiet, SPAN);
            figures.add(ratio("searches, p95, during 200 parallel searches of another", during, alone));
            figures.add(BenchmarkFigure.baseline("searches of the other", flood.served.get(), ""));
        }
        String batch = batch(3, BATCH);
        LatencySamples whole = new LatencySamples();
        whole.time(() -> send(flooding, "/v1/cubes/batches/memories", batch));
        figures.add(BenchmarkFigure.baseline("a batch of 10,000 messages", whole.median(), "ms"));
        try (Flood flood = new Flood(4, () -> send(flooding, "/v1/cubes/batches/memories", batch))) {
            LatencySamples during = searches(quiet, SPAN);
            figures.add(ratio("searches, p95, during batches of 10,000 messages of another", during, alone));
            LatencySamples adds = adds(quiet, SPAN);
            figures.add(BenchmarkFigure.baseline("adds, p95, during these batches", adds.percentile(95), "ms"));
            figures.add(BenchmarkFigure.baseline("the slowest of these adds", adds.percentile(100), "ms"));
            figures.add(BenchmarkFigure.baseline("batches stored", flood.served.get(), ""));
        }
        return figures;
    }

    private static BenchmarkFigure ratio(String what, LatencySamples during, LatencySamples alone) {
        double more = 100 * (during.percentile(95) / alone.percentile(95) - 1);
        return BenchmarkFigure.atMost(what + ", more", more, "%", 50);
    }

    /** Calls that clients repeat as soon as they have an answer, also a refusal, until it is closed. */
    private static final class Flood implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicInteger served = new AtomicInteger();

        Flood(int clients, Runnable call) {
            for (int i = 0; i < clients; i++) {
                Thread.ofVirtual().start(() -> {
                    while (!ended.get()) {
                        try {
                            call.run();
                            served.incrementAndGet();
                        } catch (IllegalStateException e) {
                            pause();
                        }
                    }
                });
            }
            pause();
        }

        @Override
        public void close() {
            ended.set(true);
            pause();
        }

        private static void pause() {
            try {
                Thread.sleep(Duration.ofSeconds(3));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted.", e);
            }
        }
    }

    private String principal(String name) {
        send(administrator, "PUT", "/v1/principals/" + name, "{}");
        String issued = send(administrator, "/v1/keys", "{\"principal\":\"" + name + "\"}");
        return issued.replaceAll("(?s).*\"(?:secret|key)\"\\s*:\\s*\"(m4j_[^\"]+)\".*", "$1");
    }

    private static String batch(long seed, int count) {
        return new SyntheticText(seed)
                .messages(count, 0).stream()
                        .map(message -> "{\"text\":\"" + message.text().replace("\"", "") + "\"}")
                        .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
    }

    private LatencySamples searches(String key, Duration span) {
        LatencySamples took = new LatencySamples();
        long end = System.nanoTime() + span.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            String query = queries.get(i % QUERIES);
            took.time(() -> send(key, "/v1/cubes/own/search", query));
        }
        return took;
    }

    private LatencySamples adds(String key, Duration span) {
        LatencySamples took = new LatencySamples();
        long end = System.nanoTime() + span.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            String body = "{\"text\":\"Memory number " + System.nanoTime() + "\"}";
            took.time(() -> send(key, "/v1/cubes/added/memories", body));
        }
        return took;
    }

    private String send(String key, String path, String body) {
        return send(key, "POST", path, body);
    }

    private String send(String key, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(response.statusCode() + " for " + path + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + " failed.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }
}
