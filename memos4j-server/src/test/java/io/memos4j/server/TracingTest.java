package io.memos4j.server;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests spans with an SDK installed. All other tests run without one. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @RegisterExtension
    static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.at(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static SpanData span(String name) {
        await().until(() ->
                TELEMETRY.getSpans().stream().anyMatch(span -> span.getName().equals(name)));
        return TELEMETRY.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCallIsASpanInTheTraceOfItsCaller() {
        String key = server.adminKey();
        server.post(key, "/v1/cubes/a/memories", "{'text':'Alice lives in Lyon.'}");
        Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01");
        server.send(key, "POST", "/v1/cubes/a/search", "{'query':'Alice'}", headers);
        SpanData span = span("POST /v1/cubes/{cube}/search");
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("http.route")))
                .isEqualTo("/v1/cubes/{cube}/search");
        assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(200);
        assertThat(span.getAttributes().get(AttributeKey.longKey("memos4j.search.hits")))
                .isEqualTo(1);
        assertThat(span.getAttributes().get(AttributeKey.doubleKey("memos4j.search.fuse_ms")))
                .isNotNull();
        assertThat(span.getAttributes().toString()).doesNotContain("Alice");
    }

    @Test
    void aCallWithoutATraceBeginsOne() {
        server.get("m4j_wrong", "/v1/cubes");
        SpanData span = span("GET /v1/cubes");
        assertThat(span.getParentSpanContext().isValid()).isFalse();
        assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(401);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
}
