package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Tests shutdown: running requests finish, new ones are rejected. */
@Timeout(120)
class ShutdownTest {
    @TempDir
    Path directory;

    private static HttpResponse<Stream<String>> events(HttpClient client, RunningServer server, Task task)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.url("/v1/tasks/" + task.id() + "/events"))
                .header("Authorization", "Bearer " + server.adminKey())
                .header("Accept", "text/event-stream")
                .build();
        return client.send(request, BodyHandlers.ofLines());
    }

    private static String metrics(RunningServer server) {
        return server.get(server.adminKey(), "/metrics").response().body();
    }

    @Test
    void runningCallsFinishNewOnesAreRefusedStreamsEndThenThePortIsClosed() throws Exception {
        RunningServer running = RunningServer.at(directory, config -> config.withDrain(Duration.ofMinutes(1)));
        try (running;
                HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            running.memos().cube("a").add("something");
            running.memos().scheduler().pauseAll();
            Task task = running.memos().scheduler().submit(CubeId.of("a"), TaskRequest.of(TaskKind.REINDEX));
            String key = running.adminKey();
            int port = running.server().url().getPort();
            Future<RunningServer.Answer> waiting =
                    threads.submit(() -> running.get(key, "/v1/tasks/" + task.id() + "/wait?timeout_ms=100000"));
            Iterator<String> events = events(client, running, task).body().iterator();
            assertThat(events.next()).isEqualTo("event: task");
            await().until(() -> {
                String scraped = metrics(running);
                return scraped.contains("memos4j_http_running 2.0") && scraped.contains("memos4j_http_streams 1.0");
            });

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(running.server()::close, threads);
            await().until(() -> running.get(key, "/v1/me").status() == 503);
            assertThat(running.get(key, "/v1/me").text("/code")).isEqualTo("closed");
            events.forEachRemaining(line -> assertThat(line).doesNotContain("\"state\":\"cancelled\""));
            assertThat(waiting).isNotDone();
            assertThat(stopped).isNotDone();

            running.memos().scheduler().cancel(task.id());
            assertThat(waiting.get().status()).isEqualTo(200);
            assertThat(waiting.get().text("/state")).isEqualTo("cancelled");
            stopped.get();
            assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
        }
    }

    private static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
        }
    }

    @Test
    void aPortThatIsTakenIsToldWithWhatToDo() {
        try (RunningServer first = RunningServer.at(directory.resolve("first"))) {
            int port = first.server().url().getPort();
            assertThatThrownBy(() -> RunningServer.at(directory.resolve("second"), config -> config.withPort(port)))
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("--port");
        }
    }
}
