package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.spi.models.LanguageModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MetricsTest {
    @TempDir
    Path directory;

    private static String scrape(RunningServer server) {
        RunningServer.Answer answer = server.get(server.adminKey(), "/metrics");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
        return answer.response().body();
    }

    @Test
    void callsSearchesTheQueueAndTheMachineAreMeasured() {
        try (RunningServer server = RunningServer.at(directory)) {
            String key = server.adminKey();
            server.post(key, "/v1/cubes/private-name/memories", "{'text':'Alice lives in Lyon.'}");
            server.post(key, "/v1/cubes/private-name/search", "{'query':'Alice'}");
            server.get("m4j_wrong", "/v1/cubes");
            server.get(key, "/private-address");
            assertThat(scrape(server))
                    .contains("memos4j_http_calls_seconds_count{method=\"POST\",route=\"/v1/cubes/{cube}/memories\","
                            + "status=\"202\"} 1")
                    .contains("memos4j_http_calls_seconds_bucket{method=\"POST\",route=\"/v1/cubes/{cube}/search\","
                            + "status=\"200\",le=\"+Inf\"} 1")
                    .contains("memos4j_http_calls_seconds_count{method=\"GET\",route=\"/*\",status=\"404\"} 1")
                    .contains("memos4j_http_refused_total{reason=\"unauthenticated\"} 1.0")
                    .contains("memos4j_http_refused_total{reason=\"rate_limited\"} 0.0")
                    .contains("memos4j_http_running 1.0")
                    .contains("memos4j_http_streams 0.0")
                    .contains("memos4j_search_stage_seconds_bucket{stage=\"fuse\",le=\"0.001\"}")
                    .contains("memos4j_search_stage_seconds_count{stage=\"pack\"}")
                    .contains("memos4j_tasks{state=\"ready\"}")
                    .contains("memos4j_tasks_oldest_ready_seconds")
                    .contains("memos4j_cubes 1.0")
                    .containsPattern("memos4j_vault_bytes [1-9]")
                    .contains("memos4j_indexes_open 1.0")
                    .contains("jvm_memory_used_bytes")
                    .contains("jvm_gc_")
                    .contains("jvm_threads_live_threads")
                    .doesNotContain("private-name")
                    .doesNotContain("private-address")
                    .doesNotContain("Alice");
        }
    }

    @Test
    void clientsCannotMakeSeriesGrow() {
        try (RunningServer server = RunningServer.at(directory)) {
            for (int i = 0; i < 3; i++) {
                visit(server, i);
            }
            List<String> before = series(server);
            for (int i = 3; i < 30; i++) {
                visit(server, i);
            }
            assertThat(series(server)).isEqualTo(before);
        }
    }

    /** Returns the names and labels of the server's own metrics. */
    private static List<String> series(RunningServer server) {
        return scrape(server)
                .lines()
                .filter(line -> line.startsWith("memos4j_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    private static void visit(RunningServer server, int number) {
        String key = server.adminKey();
        server.put(key, "/v1/cubes/cube" + number, "");
        server.get(key, "/v1/cubes/cube" + number + "/memories?limit=" + (number + 1));
        server.get(key, "/nowhere/" + number);
        server.get("m4j_" + number, "/v1/cubes");
        server.get(key, "/metrics");
    }

    @Test
    void aCallBeyondTheRateIsCounted() {
        try (RunningServer server = RunningServer.at(
                directory, config -> config.withLimits(config.limits().withCallsPerSecond(1)))) {
            String hasty = server.keyOf("acme", Permission.READ);
            await().until(() -> server.get(hasty, "/v1/me").status() == 429);
            await().untilAsserted(() -> assertThat(scrape(server)).containsPattern("reason=\"rate_limited\"} [1-9]"));
        }
    }

    @Test
    void whatTheLanguageModelCostsToday() {
        LanguageModel model = new LanguageModel() {
            @Override
            public String id() {
                return "fake";
            }

            @Override
            public Completion complete(Prompt prompt) {
                return new Completion("not what was asked for", 300_000, 100_000, false);
            }
        };
        MemOs memos = MemOs.open(MemOsConfig.at(directory)
                .withoutEmbedder()
                .withExtraction(new MemOsConfig.ExtractionConfig(model, 10_000_000)));
        try (RunningServer server = RunningServer.over(memos, config -> config.withModelPrice(2.5))) {
            server.post(server.adminKey(), "/v1/cubes/a/memories", "{'messages':[{'text':'I moved to Lyon.'}]}");
            server.post(server.adminKey(), "/v1/cubes/a/maintain?timeout_ms=1", "");
            String scraped = await().until(() -> scrape(server), text -> value(text, "memos4j_model_tokens_today") > 0);
            double tokens = value(scraped, "memos4j_model_tokens_today");
            assertThat(tokens).isGreaterThanOrEqualTo(400_000);
            assertThat(value(scraped, "memos4j_model_calls_today")).isPositive();
            assertThat(value(scraped, "memos4j_model_cost_today")).isEqualTo(tokens / 1e6 * 2.5);
        }
    }

    private static double value(String scraped, String name) {
        return scraped.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
