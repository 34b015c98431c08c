package io.memos4j.server;

import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Principal;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A server whose disk is full, and one that is asked for compactions all the time. */
@Timeout(180)
class StorageFaultsTest {
    @TempDir
    Path directory;

    @Test
    void aFullVaultIsNotReadyAndGrantsNothingThatItCannotAudit() {
        MemOs memos = MemOs.open(
                MemOsConfig.at(directory).withoutEmbedder().withLimits(Limits.DEFAULT.withVaultBytes(1 << 20)));
        try (RunningServer server = RunningServer.over(memos, UnaryOperator.identity())) {
            String key = server.adminKey();
            assertThat(server.get(key, "/v1/ready").status()).isEqualTo(200);
            fill(memos);
            assertThat(server.get(key, "/v1/health").status()).isEqualTo(200);
            assertThat(server.get("", "/health").status()).isEqualTo(200);
            await().until(() -> server.get(key, "/v1/ready").status() == 507);
            assertThat(server.put(key, "/v1/principals/mallory", "{}").status()).isEqualTo(507);
            assertThat(server.post(key, "/v1/keys", "{'principal':'admin'}").status())
                    .isEqualTo(507);
            assertThat(memos.governance().principals())
                    .extracting(Principal::name)
                    .containsExactly("admin");
            assertThat(server.get(key, "/v1/cubes/full/memories?limit=5").status())
                    .isEqualTo(200);
        }
    }

    private static void fill(MemOs memos) {
        try {
            for (int i = 0; ; i++) {
                memos.cube("full").add("Number " + i + " " + "x".repeat(4_000));
            }
        } catch (MemoryException e) {
            assertThat(e.code().httpStatus()).isEqualTo(507);
        }
    }

    @Test
    void compactionsOfManyCubesLetEveryCallEnd() throws Exception {
        try (RunningServer server = RunningServer.at(
                        directory, config -> config.withLimits(config.limits().withCallsPerSecond(0)));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String key = server.adminKey();
            List<Future<Integer>> calls = new ArrayList<>();
            for (int cube = 0; cube < 6; cube++) {
                String path = "/v1/cubes/cube" + cube;
                server.memos().cube("cube" + cube).add("Something to remember.");
                for (int i = 0; i < 25; i++) {
                    calls.add(threads.submit(() -> server.post(key, path + "/tasks", "{'kind':'compact'}")
                            .status()));
                    calls.add(threads.submit(() -> server.post(key, path + "/search", "{'query':'remember'}")
                            .status()));
                    calls.add(threads.submit(
                            () -> server.get(key, path + "/memories").status()));
                }
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isIn(200, 202);
            }
            assertThat(server.get(key, "/v1/ready").status()).isEqualTo(200);
            assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
        }
    }
}
