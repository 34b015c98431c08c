package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.TrainingConfig;
import io.memos4j.server.RunningServer.Answer;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Starts a server with a trainable local model and a cube of acme's. */
abstract class ModelServerTestBase {
    static final String CUBE = "/v1/cubes/work";
    static final String ADAPTERS = CUBE + "/adapters";

    @TempDir
    Path directory;

    RunningServer server;
    String key;

    @BeforeEach
    final void start() {
        Path base = directory.resolve("base");
        server = RunningServer.over(
                MemOs.open(MemOsConfig.at(directory.resolve("data"))
                        .withoutEmbedder()
                        .withChat(new ChatConfig.LocalModel(FakeModelRuntime.in(base), CacheQuota.DEFAULT))
                        .withTraining(TrainingConfig.of(new FakeAdapterTrainer(), base))),
                UnaryOperator.identity());
        key = server.keyOf("acme", Permission.ADMIN);
        server.put(key, CUBE, "");
    }

    @AfterEach
    final void stop() {
        server.close();
    }

    /** Sends a request that must succeed. */
    final Answer ok(String method, String path, String body) {
        Answer answer = server.send(key, method, path, body);
        assertThat(answer.status())
                .as("%s %s: %s", method, path, answer.response().body())
                .isBetween(200, 299);
        return answer;
    }

    final String know(String text) {
        return ok("POST", CUBE + "/memories", "{'notes':[{'text':'" + text + "','type':'fact'}]}")
                .text("/items/0/id");
    }

    /** Waits for a task to end. */
    final Answer ended(Answer task) {
        assertThat(task.status()).isEqualTo(202);
        return ok("GET", "/v1/tasks/" + task.text("/id") + "/wait?timeout_ms=120000", "");
    }
}
