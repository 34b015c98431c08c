package io.memos4j.server;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the contents of the log: neither memories nor secrets. */
class LogPrivacyTest {
    private static final String MARKER = "Schnabeltier";

    @TempDir
    Path directory;

    @Test
    void neitherMemoriesNorSecretsAreInTheLogAlsoWhenCallsFail() {
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        String key;
        MemOsConfig.Limits small = MemOsConfig.Limits.DEFAULT.withVaultBytes(2 << 20);
        MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder().withLimits(small));
        try (RunningServer server = RunningServer.over(
                memos, config -> config.withLog(new ServerConfig.Log(ServerConfig.LogFormat.TEXT, true)))) {
            key = server.adminKey();
            String text = MARKER + " ".repeat(100_000) + MARKER;
            int status = 0;
            for (int i = 0; status != 507 && i < 100; i++) {
                String body = "{'text':'" + i + text + "'}";
                status = server.post(key, "/v1/cubes/" + MARKER + "/memories", body)
                        .status();
            }
            assertThat(status).isEqualTo(507);
            server.post(key, "/v1/cubes/" + MARKER + "/search", "{'query':'" + MARKER + "'}");
            server.post(
                    key, "/v1/cubes/" + MARKER + "/search", "{'query':'" + MARKER + "', 'unknown':'" + MARKER + "'}");
            server.get(key + MARKER, "/v1/cubes/" + MARKER);
            server.post(key, "/v1/keys", "{'principal':'admin','label':'" + MARKER + "'}");
        } finally {
            System.setErr(usual);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("POST /v1/cubes/{cube}/memories failed")
                .doesNotContain(MARKER)
                .doesNotContain(key)
                .doesNotContain(key.substring(key.length() - 20))
                .doesNotContain("m4j_");
    }

    @Test
    void namesOfCubesAreNotInTheLogWhenAnIndexIsDamaged() throws IOException {
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            memos.cube(MARKER).add("Alice moved to Lyon");
        }
        try (Stream<Path> files = Files.walk(directory.resolve("index"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        }
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            assertThat(memos.cube(MARKER).search("Lyon").hits()).hasSize(1);
        } finally {
            System.setErr(usual);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("Rebuilding the index of cube 1")
                .doesNotContain(MARKER);
    }
}
