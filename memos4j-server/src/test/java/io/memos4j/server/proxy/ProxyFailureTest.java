package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.http.HttpServer;
import io.memos4j.server.http.ListenAddress;
import io.memos4j.server.http.ServerLimits;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the proxy when recall fails. */
class ProxyFailureTest {
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"Where do I live?\"}]}";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedModelServer model;
    private MemOs memos;
    private String key;

    @BeforeEach
    void start() {
        model = ScriptedModelServer.start();
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
        memos.cube("default").add("Something is known.");
        key = memos.governance()
                .issue(KeyRequest.of(memos.governance().create("admin", true).name()))
                .secret();
    }

    @AfterEach
    void stop() {
        memos.close();
        model.close();
        client.close();
    }

    private HttpResponse<String> call(boolean required) throws Exception {
        return call("", required);
    }

    private HttpResponse<String> call(String upstreamKey, boolean required) throws Exception {
        ProxyConfig config = new ProxyConfig(
                model.baseUrl(), upstreamKey, Duration.ofSeconds(30), new ProxyConfig.Recall(1_000, 0, required), true);
        ChatProxyRoutes surface = new ChatProxyRoutes(config, (cube, talk) -> {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "the disk is gone");
        });
        ServerLimits limits =
                new ServerLimits(1 << 20, 16 << 10, 0, 100, Duration.ofSeconds(30), Duration.ofSeconds(1));
        try (HttpServer server = new HttpServer(
                memos,
                new ListenAddress("127.0.0.1", 0, Optional.empty()),
                limits,
                List.of(surface),
                exchange -> status -> {})) {
            server.start();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
                    .header("Authorization", "Bearer " + key)
                    .POST(BodyPublishers.ofString(BODY))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    @Test
    void openForwardsTheCallAsItIsWithAWarning() throws Exception {
        model.then(Answer.text("I do not know."));
        var answer = call(false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Memos4j-Warning")).contains("recall_failed storage_failed");
        assertThat(model.requests()).singleElement().satisfies(request -> {
            assertThat(request.body()).isEqualTo(BODY);
            assertThat(request.authorization()).isEmpty();
        });
    }

    @Test
    void aRefusalDoesNotRepeatTheProvidersKey() throws Exception {
        model.then(Answer.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: sk-upstream.\"}}"));
        var answer = call("sk-upstream", false);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Incorrect API key provided: ***.").doesNotContain("sk-upstream");
    }

    @Test
    void closedRefusesTheCall() throws Exception {
        var answer = call(true);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"storage_failed\"").contains("server_error");
        assertThat(answer.body()).doesNotContain("the disk is gone");
        assertThat(model.requests()).isEmpty();
    }
}
