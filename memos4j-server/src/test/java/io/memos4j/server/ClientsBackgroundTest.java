package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the progress that facade clients see after an add. */
class ClientsBackgroundTest {
    @TempDir
    Path directory;

    /** Repeats the first message that it gets. */
    private static final class Retelling implements LanguageModel {
        private static final Pattern MESSAGE = Pattern.compile("⟦message (\\d+)[^⟧]*⟧\\n([^⟦]*)");

        @Override
        public String id() {
            return "retelling";
        }

        @Override
        public Completion complete(Prompt prompt) {
            Matcher message = MESSAGE.matcher(prompt.user());
            if (!message.find() || prompt.schema().contains("gist")) {
                return new Completion("{}", 5, 5, false);
            }
            String answer = """
                    {"memories": [{"type": "event", "text": "%s", "sources": [%s], "confidence": 0.9, "occurred": null,
                      "valid_from": null, "valid_to": null, "implicit": false, "attribute": null, "supersedes": []}],
                     "updates": [], "retirements": []}""".formatted(message.group(2).strip(), message.group(1));
            return new Completion(answer, 100, 40, false);
        }
    }

    private RunningServer reading() {
        return RunningServer.over(
                MemOs.open(MemOsConfig.at(directory).withoutEmbedder().withModel(new Retelling())),
                UnaryOperator.identity());
    }

    @Test
    void aSynchronousAddOfMemosListsWhatTheModelMadeOfIt() {
        try (RunningServer server = reading()) {
            String key = server.keyOf("acme", Permission.ADMIN);
            String told =
                    "{'user_id':'alice','async_mode':'%s','mode':%s,'messages':[{'role':'user','content':'Alice met "
                            + "%s in Lyon on Monday.'}]}";
            var fine = server.post(key, "/product/add", told.formatted("sync", "null", "Bob"));
            assertThat(fine.at("/data")
                            .valueStream()
                            .map(each -> each.path("memory_type").asString()))
                    .containsExactly("UserMemory", "LongTermMemory");
            assertThat(fine.text("/data/1/memory")).isEqualTo("Alice met Bob in Lyon on Monday.");
            assertThat(server.post(key, "/product/add", told.formatted("sync", "'fast'", "Eve"))
                            .at("/data")
                            .size())
                    .isEqualTo(1);
            var later = server.post(key, "/product/add", told.formatted("async", "null", "Mallory"));
            String id = later.text("/data/0/memory_id");
            assertThat(server.post(key, "/product/scheduler/wait?user_name=alice&timeout_seconds=20", "{}")
                            .text("/message"))
                    .isEqualTo("idle");
            assertThat(server.get(key, "/product/get_memory/" + id).text("/data/memory"))
                    .as("ids stay")
                    .contains("Mallory");
        }
    }

    @Test
    void mem0InfersUnlessToldNotTo() {
        try (RunningServer server = reading()) {
            String key = server.keyOf("acme", Permission.ADMIN);
            String told = "{'user_id':'%s','infer':%s,'messages':[{'role':'user','content':'Alice met Bob in Lyon on "
                    + "Monday.'}]}";
            assertThat(server.post(key, "/memories", told.formatted("alice", true))
                            .at("/results")
                            .size())
                    .isEqualTo(2);
            assertThat(server.post(key, "/memories", told.formatted("bob", false))
                            .at("/results")
                            .size())
                    .isEqualTo(1);
            var cube = server.memos().cube("acme/bob");
            assertThat(cube.awaitIdle(Duration.ofSeconds(20))).isTrue();
            assertThat(cube.describe().itemCount()).isEqualTo(1);
        }
    }

    private RunningServer embedding() {
        return RunningServer.over(
                MemOs.open(MemOsConfig.at(directory).withEmbedder(new HashingEmbedder("hashing", 16))),
                UnaryOperator.identity());
    }

    @Test
    void whatWaitsStillWaitsAfterARestart() {
        String key;
        String path = "/product/scheduler/status?user_id=alice&task_id=t1";
        CubeId cube = CubeId.of("acme/alice");
        try (RunningServer server = embedding()) {
            key = server.keyOf("acme", Permission.ADMIN);
            server.memos().cube(cube.value());
            server.memos().scheduler().pause(cube);
            server.post(key, "/product/add", "{'user_id':'alice','task_id':'t1','messages':'heron'}");
            assertThat(server.get(key, path).text("/data/0/status")).isEqualTo("waiting");
        }
        try (RunningServer server = embedding()) {
            assertThat(server.get(key, path).text("/data/0/status")).isEqualTo("waiting");
            server.memos().scheduler().resume(cube);
            assertThat(server.post(key, "/product/scheduler/wait?user_name=alice&timeout_seconds=60", "{}")
                            .text("/message"))
                    .isEqualTo("idle");
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(server.get(key, path).text("/data/0/status"))
                            .isEqualTo("completed"));
        }
    }
}
