package io.memos4j.server.http;

import io.memos4j.api.access.KeyRequest;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Floods a server whose requests end when the test says so. */
class FairServiceTest {
    private static final LoadLimits LOAD = new LoadLimits(1_000, 1_000, 100_000, 3, 1, 50, Duration.ofMinutes(5));

    @TempDir
    Path directory;

    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private MemOs memos;
    private HttpServer server;

    @BeforeEach
    void start() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        RouteGroup routes = () -> List.of(
                Route.post("/held", RequiredAccess.READ, exchange -> {
                    end.await();
                    exchange.ok(List.of());
                }),
                Route.post("/quick", RequiredAccess.READ, exchange -> exchange.ok(List.of())));
        ServerLimits limits =
                new ServerLimits(1 << 20, 16 << 10, 0, 200, Duration.ofMinutes(1), Duration.ofSeconds(1), LOAD);
        server = new HttpServer(
                memos,
                new ListenAddress("127.0.0.1", 0, Optional.empty()),
                limits,
                List.of(routes),
                exchange -> status -> {});
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.close();
        memos.close();
        client.close();
    }

    private String key(String principal) {
        memos.governance().create(principal, false);
        return memos.governance().issue(KeyRequest.of(principal)).secret();
    }

    private CompletableFuture<HttpResponse<String>> post(String key, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** Waits until so many requests have arrived. */
    private void await(int calls) {
        while (server.runningCalls() < calls) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFloodKeepsNobodyElseWaitingAndIsRefusedBeyondItsQueue() {
        String flooding = key("flooding");
        String quiet = key("quiet");
        assertThat(post(quiet, "/quick", "").join().statusCode()).isEqualTo(200);
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            flood.add(post(flooding, "/held", ""));
        }
        await(51);
        for (int i = 0; i < 5; i++) {
            assertThat(post(quiet, "/quick", "").join().statusCode()).isEqualTo(200);
        }
        assertThat(flood).noneMatch(CompletableFuture::isDone);
        HttpResponse<String> refused = post(flooding, "/quick", "").join();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("rate_limited", "Send fewer at once");
        end.countDown();
        assertThat(flood).allMatch(call -> call.join().statusCode() == 200);
    }

    @Test
    void bodiesBeyondTheMemoryForThemAreRefusedUntilOthersEnd() {
        String first = key("first");
        CompletableFuture<HttpResponse<String>> held = post(first, "/held", "x".repeat(10_000));
        await(1);
        HttpResponse<String> refused = post(first, "/quick", "x".repeat(10_000)).join();
        while (refused.statusCode() == 200) { // The first has not arrived as a whole.
            refused = post(first, "/quick", "x".repeat(10_000)).join();
        }
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("overloaded");
        assertThat(post(first, "/quick", "x".repeat(20_000)).join().statusCode())
                .isEqualTo(413);
        assertThat(post(key("second"), "/quick", "x".repeat(10_000)).join().statusCode())
                .isEqualTo(200);
        end.countDown();
        assertThat(held.join().statusCode()).isEqualTo(200);
        assertThat(post(first, "/quick", "x".repeat(10_000)).join().statusCode())
                .isEqualTo(200);
    }
}
