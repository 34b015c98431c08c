package io.memos4j.server;

import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Kills the server repeatedly under load: every add acknowledged with 2xx must exist afterwards, exactly once. */
class ServerCrashIT {
    private static final int ROUNDS = 5;
    private static final int WRITERS = 8;
    private static final int LONGEST_LIFE_MS = 1_500;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private final Random random = new Random(42);
    private String key = "";

    private record Running(Process process, URI url) {}

    @Test
    void everyAcknowledgedAddSurvives() throws Exception {
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(runAndKill(round));
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * WRITERS);
        Running running = start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<String> stored = list(client, running.url);
            assertThat(stored).doesNotHaveDuplicates().containsAll(acknowledged);
            String some = acknowledged.iterator().next();
            JsonNode found = post(client, running.url, "/v1/cubes/load/search", "{\"query\":\"" + some + "\"}")
                    .orElseThrow();
            assertThat(found.at("/hits/0/text").asString()).contains(some);
        } finally {
            running.process.destroyForcibly().waitFor();
        }
    }

    private Running start() throws IOException {
        Process process = new ProcessBuilder(
                        JavaCommand.of(ServerProcess.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"), directory))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("key ")) {
                key = line.substring(4);
            } else if (line.startsWith("url ")) {
                return new Running(process, URI.create(line.substring(4)));
            }
        }
        throw new IllegalStateException("The server ended at its start with " + process.exitValue());
    }

    private List<String> runAndKill(int round) throws Exception {
        Running running = start();
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        try (HttpClient client = HttpClient.newHttpClient();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = IntStream.range(0, WRITERS)
                    .<Future<?>>mapToObj(writer -> executor.submit(() -> {
                        for (int i = 0; !over.get(); i++) {
                            String word = "w" + round + "x" + writer + "x" + i;
                            if (post(client, running.url, "/v1/cubes/load/memories", "{\"text\":\"" + word + "\"}")
                                    .isPresent()) {
                                acknowledged.add(word);
                            }
                        }
                    }))
                    .toList();
            while (acknowledged.isEmpty()) {
                Thread.onSpinWait();
            }
            Thread.sleep(random.nextInt(LONGEST_LIFE_MS));
            running.process.destroyForcibly().waitFor();
            over.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return List.copyOf(acknowledged);
    }

    /** Returns the response if it was a success; empty if the request failed in any way. */
    private java.util.Optional<JsonNode> post(HttpClient client, URI url, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return response.statusCode() / 100 == 2
                    ? java.util.Optional.of(JSON.readTree(response.body()))
                    : java.util.Optional.empty();
        } catch (IOException e) {
            return java.util.Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> list(HttpClient client, URI url) throws IOException, InterruptedException {
        List<String> texts = new java.util.ArrayList<>();
        String cursor = "";
        do {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(url + "/v1/cubes/load/memories?limit=1000&cursor=" + cursor))
                    .header("Authorization", "Bearer " + key)
                    .build();
            JsonNode page =
                    JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
            page.get("memories")
                    .values()
                    .forEach(each -> texts.add(each.get("text").stringValue()));
            cursor = page.path("next").asString("");
        } while (!cursor.isEmpty());
        return texts;
    }
}
