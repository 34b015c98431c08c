package io.memos4j.server.proxy;

import io.memos4j.api.access.Permission;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.server.NpmProject;
import io.memos4j.server.RunningServer;
import io.memos4j.server.ServerConfig;
import io.memos4j.testkit.models.ScriptedModelServer;
import io.memos4j.testkit.models.ScriptedModelServer.Answer;
import io.memos4j.testkit.models.SseEventFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs OpenAI's unmodified client against the proxy. */
class OpenAiClientIT {
    @TempDir
    Path directory;

    @Test
    void openAisClientAsksAndStreamsAndUnderstandsFailures() {
        NpmProject npm = NpmProject.installed("openai");
        try (ScriptedModelServer model = ScriptedModelServer.start();
                RunningServer server = RunningServer.at(directory, config -> behind(config, model))) {
            String key = server.keyOf("acme", Permission.ADMIN);
            model.then(
                    Answer.text("Welcome to Lyon."),
                    Answer.stream(new SseEventFeed().delta("In ").delta("Lyon.").stop()),
                    Answer.status(
                            429,
                            "{\"error\":{\"message\":\"Slow down\",\"type\":\"requests\","
                                    + "\"code\":\"rate_limit_exceeded\"}}"),
                    Answer.stream(SseEventFeed.broken().delta(" Cut").end()),
                    Answer.status(200, "{\"object\":\"list\",\"data\":[{\"id\":\"scripted\",\"object\":\"model\"}]}"));
            var output = npm.node("client.mjs", server.url("/v1").toString(), key);
            assertThat(output.status()).as(output.all()).isZero();
            JsonNode seen = new JsonMapper().readTree(output.out());
            assertThat(seen.path("plain").asString()).isEqualTo("Welcome to Lyon.");
            assertThat(seen.path("streamed").asString()).isEqualTo("In Lyon. Cut");
            assertThat(seen.at("/limited/status").asInt()).isEqualTo(429);
            assertThat(seen.at("/limited/code").asString()).isEqualTo("rate_limit_exceeded");
            assertThat(seen.at("/broken/code").asString()).isEqualTo("upstream_failed");
            assertThat(seen.at("/models/0").asString()).isEqualTo("scripted");
            assertThat(seen.at("/refused/status").asInt()).isEqualTo(401);
            assertThat(model.requests().get(1).user()).contains("<memory").contains("I moved to Lyon last week");
            assertThat(server.memos()
                            .cube("acme/alice")
                            .list(ListRequest.first())
                            .items())
                    .extracting(MemoryItem::text)
                    .containsExactly(
                            "I moved to Lyon last week.", "Welcome to Lyon.", "Where do I live, Lyon?", "In Lyon.");
        }
    }

    private static ServerConfig behind(ServerConfig config, ScriptedModelServer model) {
        ProxyConfig proxy = new ProxyConfig(
                model.baseUrl(), "sk-upstream", Duration.ofSeconds(30), new ProxyConfig.Recall(1_000, 0, true), true);
        return config.withProtocols(new ServerConfig.Protocols(List.of(), Optional.of(proxy)));
    }
}
