package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.server.RunningServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BackupTest {
    @TempDir
    Path directory;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Answer backup(RunningServer server) {
        Answer answer = server.post(server.adminKey(), "/v1/backup", "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer;
    }

    @Test
    void aBackupOfARunningServerIsRestoredWithItsMemoriesAndKeys() {
        Path data = directory.resolve("data");
        String key;
        Path file;
        try (RunningServer server = RunningServer.at(data)) {
            key = server.adminKey();
            server.post(key, "/v1/cubes/alice/memories", "{'text':'Alice lives in Lyon.'}");
            file = data.resolve("backups").resolve(backup(server).text("/file"));
            server.post(key, "/v1/cubes/alice/memories", "{'text':'Alice has moved to Paris.'}");
        }
        Path restored = directory.resolve("restored");
        MemOs.restore(file, restored);
        MemOs memos = MemOs.open(MemOsConfig.at(restored).withoutEmbedder());
        try (RunningServer server = RunningServer.over(memos, config -> config)) {
            assertThat(server.server().firstKey()).isEmpty();
            String found = server.post(key, "/v1/cubes/alice/search", "{'query':'Alice Lyon Paris'}")
                    .response()
                    .body();
            assertThat(found).contains("Alice lives in Lyon.").doesNotContain("Paris.");
            assertThat(memos.checkHealth().isHealthy()).isTrue();
        }
    }

    @Test
    void theNewestAreKeptAndOtherFilesLeftAlone() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(folder.resolve("mine.db"), "precious");
        Files.writeString(folder.resolve("memos-20260101T000000000Z.db.part"), "left by a killed process");
        Files.writeString(folder.resolve("video.part"), "of another program");
        ServerConfig.Backups two = new ServerConfig.Backups(Optional.of(folder), 2);
        try (RunningServer server = RunningServer.at(directory.resolve("data"), config -> config.withBackups(two))) {
            List<String> written = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                written.add(backup(server).text("/file"));
            }
            assertThat(names(folder)).containsExactly(written.get(2), written.get(3), "mine.db", "video.part");
        }
    }

    @Test
    void backupsAskedForAtOnceAreWrittenOneAfterTheOther() throws Exception {
        try (RunningServer server = RunningServer.at(directory);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = IntStream.range(0, 4)
                    .mapToObj(i -> clients.submit(() -> backup(server).text("/file")))
                    .toList();
            List<String> written = new ArrayList<>();
            for (Future<String> each : asked) {
                written.add(each.get());
            }
            assertThat(written).doesNotHaveDuplicates();
            assertThat(names(directory.resolve("backups"))).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    @Test
    void memoriesThatAreAddedMeanwhileAreNotHeldUp() {
        try (RunningServer server = RunningServer.at(directory)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    server.memos().cube("a").add("Number " + i + " of them.");
                }
            });
            backup(server);
            backup(server);
            assertThat(writer).satisfies(Thread::join);
            assertThat(server.memos()
                            .find(CubeId.of("a"))
                            .orElseThrow()
                            .describe()
                            .itemCount())
                    .isEqualTo(50);
        }
    }
}
