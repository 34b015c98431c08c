package io.memos4j.server.mcp;

import io.memos4j.server.RunningServer;
import io.memos4j.server.RunningServer.Answer;
import io.memos4j.server.ServerConfig;
import io.memos4j.server.ServerTestBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests MCP over HTTP with raw messages, for cases that the SDK's client cannot produce. */
class McpWireTest extends ServerTestBase {
    static final String PING = "{'jsonrpc':'2.0','id':1,'method':'ping'}";
    static final Map<String, String> ACCEPT = Map.of("Accept", "application/json, text/event-stream");

    @Override
    protected ServerConfig configured(ServerConfig defaults) {
        return defaults.withProtocols(
                new ServerConfig.Protocols(List.of("https://chat.example.com"), Optional.empty()));
    }

    private Answer raw(String with, String body, Map<String, String> headers) {
        return server.send(with, "POST", "/mcp", body, headers);
    }

    @Test
    void withoutAKeyNothingAnswers() {
        assertThat(raw("", PING, ACCEPT).status()).isEqualTo(401);
        var wrong = raw("m4j_wrong", PING, ACCEPT);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.text("/error/data/code")).isEqualTo("unauthenticated");
        assertThat(raw(key, PING, ACCEPT).status()).isEqualTo(200);
        assertThat(get("/mcp").status()).isEqualTo(405);
        assertThat(send("DELETE", "/mcp", "").status()).isEqualTo(405);
    }

    @Test
    void aKeyThatCallsTooOftenIsSlowedDown() {
        try (RunningServer slow = RunningServer.at(
                directory.resolve("slow"),
                config -> config.withLimits(config.limits().withCallsPerSecond(1)))) {
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(slow.send(slow.adminKey(), "POST", "/mcp", PING, ACCEPT));
            }
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 429)
                    .isNotEmpty()
                    .allSatisfy(answer -> {
                        assertThat(answer.text("/error/data/code")).isEqualTo("rate_limited");
                        assertThat(answer.response().headers().firstValue("Retry-After"))
                                .isPresent();
                    });
        }
    }

    @Test
    void pagesOfStrangersAreTurnedAway() {
        for (String origin :
                List.of("https://evil.example", "null", "http://127.0.0.1.evil.example:7070", "not a uri")) {
            var answer = raw(key, PING, Map.of("Accept", ACCEPT.get("Accept"), "Origin", origin));
            assertThat(answer.status()).as(origin).isEqualTo(403);
            assertThat(answer.text("/error/data/code")).isEqualTo("forbidden");
        }
        for (String origin : List.of(
                "http://localhost:6274", "http://127.0.0.1:7070", "http://[::1]:80", "https://chat.example.com")) {
            assertThat(raw(key, PING, Map.of("Accept", ACCEPT.get("Accept"), "Origin", origin))
                            .status())
                    .as(origin)
                    .isEqualTo(200);
        }
    }

    @Test
    void aVersionThatIsNotSpokenIsRefused() {
        assertThat(raw(key, PING, Map.of("MCP-Protocol-Version", "1999-01-01")).status())
                .isEqualTo(400);
        assertThat(raw(key, PING, Map.of("MCP-Protocol-Version", "2025-06-18")).status())
                .isEqualTo(200);
    }

    @Test
    void thereIsNoSessionToTakeOver() {
        String notified = "{'jsonrpc':'2.0','method':'notifications/initialized'}";
        var opened = raw(key, notified, Map.of("Mcp-Session-Id", "of-somebody-else"));
        assertThat(opened.status()).isEqualTo(202);
        assertThat(opened.response().headers().firstValue("Mcp-Session-Id")).isEmpty();
    }

    @Test
    void brokenMessagesAreRefusedWithoutTraces() {
        for (String body : List.of(
                "{",
                "[]",
                "{}",
                "7",
                "{'jsonrpc':'2.0'}",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':7}",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'get_memory','arguments':[1]}}",
                "[".repeat(2_000))) {
            var answer = raw(key, body, ACCEPT);
            assertThat(answer.response().body())
                    .as(body)
                    .doesNotContain("\tat ")
                    .doesNotContain("io.memos4j")
                    .doesNotContain(".java:");
            assertThat(answer.status()).as(body).isLessThan(500);
        }
    }
}
