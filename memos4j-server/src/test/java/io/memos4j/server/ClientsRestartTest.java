package io.memos4j.server;

import io.memos4j.api.access.Permission;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that responses to facade clients stay true after a restart. */
class ClientsRestartTest {
    @TempDir
    Path directory;

    @Test
    void tasksAndIdsAreKnownAfterARestart() {
        String key;
        String memory;
        String event;
        String cloud;
        try (RunningServer server = RunningServer.at(directory)) {
            key = server.keyOf("acme", Permission.ADMIN);
            memory = server.post(
                            key,
                            "/product/add",
                            "{'user_id':'alice','writable_cube_ids':['team'],'task_id':'t1','messages':'kept for "
                                    + "ever'}")
                    .text("/data/0/memory_id");
            event = server.post(key, "/v3/memories/add/", "{'user_id':'alice','messages':'kept as well'}")
                    .text("/event_id");
            cloud = server.post(
                            key,
                            "/api/openmem/v1/add/message",
                            "{'user_id':'bob','messages':[{'role':'user','content':'and this'}]}")
                    .text("/data/task_id");
        }
        try (RunningServer server = RunningServer.at(directory)) {
            assertThat(server.get(key, "/product/scheduler/status?user_id=alice&task_id=t1")
                            .text("/data/0/status"))
                    .isEqualTo("completed");
            assertThat(server.get(key, "/v1/event/" + event + "/").text("/status"))
                    .isEqualTo("SUCCEEDED");
            assertThat(server.post(key, "/api/openmem/v1/get/status", "{'task_id':'" + cloud + "'}")
                            .text("/data/status"))
                    .isEqualTo("completed");
            assertThat(server.get(key, "/product/get_memory/" + memory).text("/data/memory"))
                    .isEqualTo("kept for ever");
            String other = server.keyOf("beta", Permission.ADMIN);
            assertThat(server.get(other, "/product/scheduler/status?user_id=alice&task_id=t1")
                            .status())
                    .isEqualTo(404);
        }
    }
}
