package io.memos4j.cli;

import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.testkit.JavaCommand;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The server as a process of its own, as a user starts and stops it. */
@Timeout(180)
class ServeIT {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** 128 + 15: ended by SIGTERM, after everything was closed. */
    private static final int TERMINATED = 143;

    private static final String MARKER = "Schnabeltier";

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    /** A running process and what it said when it had started. */
    private record Served(Process process, List<String> said, Path log) {
        String url() {
            String line = said.get(0);
            return line.substring(line.lastIndexOf(' ') + 1);
        }

        Optional<String> key() {
            return said.stream().filter(line -> line.startsWith("m4j_")).findFirst();
        }
    }

    @AfterEach
    void killAll() {
        processes.forEach(Process::destroyForcibly);
        client.close();
    }

    private Process start(Path log, String... arguments) throws IOException {
        List<String> command = JavaCommand.of(Main.class, CommandLineFixture.JVM_OPTIONS, (Object[]) arguments);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        processes.add(process);
        return process;
    }

    private Served serve(String... more) throws IOException {
        Path log = Files.createTempFile(directory, "log", ".txt");
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--port",
                "0",
                "--no-embedder",
                "--data",
                directory.resolve("data").toString()));
        arguments.addAll(List.of(more));
        Process process = start(log, arguments.toArray(String[]::new));
        BufferedReader out = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            if (line.startsWith("Press Ctrl-C")) {
                return new Served(process, said, log);
            }
        }
        throw new AssertionError("It did not start: " + said + Files.readString(log));
    }

    private HttpResponse<String> call(Served server, String key, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Tells the process to end; it has closed everything when it is gone. */
    private static void stop(Served server) throws InterruptedException {
        server.process.destroy();
        assertThat(server.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.process.exitValue()).isEqualTo(TERMINATED);
    }

    @Test
    void whatWasAddedOutlivesTheProcessAndTheFirstKeyIsShownOnce() throws Exception {
        Served first = serve();
        String key = first.key().orElseThrow();
        assertThat(first.url()).startsWith("http://127.0.0.1:");
        assertThat(first.said.get(0)).contains(directory.resolve("data").toString());
        assertThat(call(first, key, "/v1/cubes/alice/memories", "{\"text\":\"Alice lives in Lyon.\"}")
                        .statusCode())
                .isEqualTo(202);
        stop(first);
        // The write-ahead log is empty only after the vault was closed.
        assertThat(directory.resolve("data/memos.db-wal")).doesNotExist();

        Served second = serve();
        assertThat(second.key()).isEmpty();
        assertThat(call(second, key, "/v1/cubes/alice/search", "{\"query\":\"Alice\"}")
                        .body())
                .contains("Alice lives in Lyon.");
        stop(second);
    }

    @Test
    void theLogIsJsonAndHoldsNeitherMemoriesNorSecrets() throws Exception {
        Path config = Files.writeString(directory.resolve("memos4j.conf"), "log { format = json, calls = true }");
        Served server = serve("--config", config.toString());
        String key = server.key().orElseThrow();
        call(server, key, "/v1/cubes/" + MARKER + "/memories", "{\"text\":\"The " + MARKER + "\"}");
        HttpResponse<String> found =
                call(server, key, "/v1/cubes/" + MARKER + "/search", "{\"query\":\"" + MARKER + "\"}");
        assertThat(found.body()).contains("The " + MARKER);
        call(server, key + MARKER, "/v1/cubes/" + MARKER + "/search", "{}");
        call(server, key, "/v1/cubes/" + MARKER + "/search", "{\"" + MARKER + "\":1}");
        stop(server);
        String log = Files.readString(server.log);
        assertThat(log).doesNotContain(MARKER).doesNotContain(key).doesNotContain("m4j_");
        List<JsonNode> lines = log.lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .map(MAPPER::readTree)
                .toList();
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("level").asString()).isEqualTo("INFO");
            assertThat(line.path("formattedMessage").asString()).startsWith("POST /v1/cubes/{cube}/search 200 in ");
            assertThat(line.path("mdc").path("request").asString())
                    .isEqualTo(found.headers().firstValue("X-Request-Id").orElseThrow());
        });
    }

    @Test
    void aModelInTheSameProcessAnswersAndRemembers() throws Exception {
        Path model = directory.resolve("tiny.gguf");
        RandomLlama.tiny(1).contextLength(8_192).template(RandomLlama.CHATML).write(model);
        Served server = serve("--model", model.toString(), "--threads", "1");
        String key = server.key().orElseThrow();

        HttpResponse<String> reply = call(
                server,
                key,
                "/v1/cubes/alice/chat",
                "{\"messages\":[{\"text\":\"Where does Alice live?\"}],\"session\":\"s\",\"max_tokens\":8}");

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(MAPPER.readTree(reply.body()).at("/usage/prompt_tokens").intValue())
                .isPositive();
        assertThat(call(server, key, "/v1/cubes/alice/search", "{\"query\":\"Alice\"}")
                        .body())
                .contains("Where does Alice live?");
        stop(server);
    }

    @Test
    void aMistakeInTheSettingsEndsTheStart() throws Exception {
        Path log = Files.createTempFile(directory, "log", ".txt");
        Path data = directory.resolve("untouched");
        assertThat(start(log, "serve", "--port", "70000", "--data", data.toString())
                        .waitFor())
                .isEqualTo(ExitCode.FAILED);
        assertThat(Files.readString(log)).contains("0 to 65535").contains("[invalid_configuration]");
        assertThat(data).doesNotExist();
        Path teaching = Files.createTempFile(directory, "log", ".txt");
        assertThat(start(teaching, "serve", "--base", directory.toString(), "--data", data.toString())
                        .waitFor())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Files.readString(teaching)).contains("--model FILE.gguf");
        assertThat(data).doesNotExist();
    }

    @Test
    void aBackupIsMadeBesideARunningServerAndRestoredOffline() throws Exception {
        Served server = serve();
        String key = server.key().orElseThrow();
        call(server, key, "/v1/cubes/alice/memories", "{\"text\":\"Alice lives in Lyon.\"}");
        JsonNode backup = MAPPER.readTree(call(server, key, "/v1/backup", "").body());
        // Killed, not stopped: the backup does not depend on what follows it.
        server.process.destroyForcibly().waitFor();
        Path file =
                directory.resolve("data/backups").resolve(backup.path("file").asString());
        Path log = Files.createTempFile(directory, "log", ".txt");
        String data = directory.resolve("restored").toString();
        assertThat(start(log, "restore", file.toString(), "--data", data).waitFor())
                .as(Files.readString(log))
                .isZero();
        Process search = start(log, "search", "Alice", "--cube", "alice", "--no-embedder", "--data", data);
        assertThat(new String(search.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Alice lives in Lyon.");
    }

    @Test
    void aProcessKilledWhileItWritesBackupsLeavesOnlyWholeOnes() throws Exception {
        Served server = serve();
        String key = server.key().orElseThrow();
        String text = "Alice lives in Lyon. ".repeat(5_000);
        for (int i = 0; i < 50; i++) {
            String body = "{\"text\":\"" + i + " " + text + "\"}";
            assertThat(call(server, key, "/v1/cubes/alice/memories", body).statusCode())
                    .isEqualTo(202);
        }
        Thread asking = Thread.ofVirtual().start(() -> {
            while (server.process.isAlive()) {
                try {
                    call(server, key, "/v1/backup", "");
                } catch (Exception e) {
                    return; // Killed.
                }
            }
        });
        Path folder = directory.resolve("data/backups");
        await().until(() -> !files(folder, ".db").isEmpty());
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !files(folder, ".part").isEmpty());
        server.process.destroyForcibly().waitFor();
        asking.join();
        List<Path> whole = files(folder, ".db");
        for (Path file : whole) {
            Path restored = directory.resolve("from " + file.getFileName());
            MemOs.restore(file, restored);
            try (MemOs memos = MemOs.open(MemOsConfig.at(restored).withoutEmbedder())) {
                assertThat(memos.cube("alice").describe().itemCount()).isEqualTo(50);
            }
        }
        Served next = serve();
        call(next, key, "/v1/backup", "");
        assertThat(files(folder, ".part")).isEmpty();
        stop(next);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
