package io.memos4j.server;

import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.Permission;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests rate limits, request ids and other protective measures. */
class ProtectionTest {
    private static final int CALLS = 5;

    @TempDir
    Path directory;

    @Test
    void aKeyHasItsOwnRate() {
        try (RunningServer server = RunningServer.at(directory, ProtectionTest::slow)) {
            String busy = server.keyOf("busy", Permission.READ);
            String quiet = server.keyOf("quiet", Permission.READ);
            RunningServer.Answer last = server.get(busy, "/v1/cubes");
            for (int i = 0; i < 10 * CALLS && last.status() == 200; i++) {
                last = server.get(busy, "/v1/cubes");
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.text("/code")).isEqualTo("rate_limited");
            assertThat(last.response().headers().firstValue("Retry-After")).contains("1");
            assertThat(server.get(quiet, "/v1/cubes").status()).isEqualTo(200);
            assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
        }
    }

    private static ServerConfig slow(ServerConfig config) {
        return config.withLimits(config.limits().withCallsPerSecond(CALLS));
    }

    @Test
    void aCallIsKnownByItsIdInTheAnswerAndTheAudit() {
        try (RunningServer server = RunningServer.at(directory)) {
            var answer = server.send(server.adminKey(), "PUT", "/v1/cubes/a", "", Map.of("X-Request-Id", "call-17"));
            assertThat(answer.response().headers().firstValue("X-Request-Id")).contains("call-17");
            assertThat(server.memos()
                            .governance()
                            .audit(AuditQuery.ALL)
                            .items()
                            .getFirst()
                            .request())
                    .isEqualTo("call-17");
            var forged = server.send(server.adminKey(), "GET", "/v1/cubes", "", Map.of("X-Request-Id", "a b <script>"));
            assertThat(forged.response().headers().firstValue("X-Request-Id").orElseThrow())
                    .hasSize(36);
        }
    }

    @Test
    void refusedChangesAreInTheAuditToo() {
        try (RunningServer server = RunningServer.at(directory)) {
            String reader = server.keyOf("acme", Permission.READ);
            assertThat(server.put(reader, "/v1/cubes/a", "").status()).isEqualTo(403);
            assertThat(server.memos()
                            .governance()
                            .audit(AuditQuery.ALL.by("acme"))
                            .items())
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.outcome()).isEqualTo(403);
                        assertThat(entry.principal()).isEqualTo("acme");
                    });
        }
    }

    @Test
    void aFloodOfRefusedCallsIsOneEntryForEachKindOfThem() {
        try (RunningServer server = RunningServer.at(directory, ProtectionTest::slow)) {
            String reader = server.keyOf("acme", Permission.READ);
            int limited = 0;
            for (int i = 0; i < 20 * CALLS; i++) {
                limited += server.put(reader, "/v1/cubes/a" + i, "").status() == 429 ? 1 : 0;
            }
            int refused = 20 * CALLS - limited;
            assertThat(limited).isPositive();
            assertThat(server.memos()
                            .governance()
                            .audit(AuditQuery.ALL.by("acme"))
                            .items())
                    .extracting(entry -> entry.outcome() + " " + entry.count())
                    .containsExactlyInAnyOrder("429 " + limited, "403 " + refused);
            for (int i = 0; i < 30; i++) {
                assertThat(server.get("m4j_none", "/v1/cubes/b" + i).status()).isEqualTo(401);
            }
            assertThat(server.memos().governance().audit(AuditQuery.ALL.by("")).items())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.count()).isEqualTo(30));
        }
    }

    @Test
    void otherOriginsGetNoPermission() {
        try (RunningServer server = RunningServer.at(directory)) {
            for (String method : new String[] {"OPTIONS", "GET"}) {
                var answer = server.send(
                        server.adminKey(),
                        method,
                        "/v1/cubes",
                        "",
                        Map.of("Origin", "https://elsewhere.example", "Access-Control-Request-Method", "POST"));
                assertThat(answer.response().headers().map().keySet())
                        .noneMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
            }
        }
    }

    @Test
    void largeAnswersAreCompressedForThoseWhoAsk() {
        try (RunningServer server = RunningServer.at(directory)) {
            String key = server.adminKey();
            server.post(key, "/v1/cubes/a/memories", "{'text':'" + "long text ".repeat(1_000) + "'}");
            var plain = server.get(key, "/v1/cubes/a/memories");
            assertThat(plain.response().headers().firstValue("Content-Encoding"))
                    .isEmpty();
            assertThat(server.encoding(key, "/v1/cubes/a/memories")).contains("gzip");
        }
    }
}
