package io.memos4j.server;

import io.memos4j.api.access.Permission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs a pinned version of the mem0 client from npm against a server. Requires Node.js and npm. */
class Mem0ClientIT {
    private static final Path SOURCE = Path.of("src", "test", "npm", "mem0");
    private static final Path FOLDER = Path.of("target", "npm", "mem0");

    @TempDir
    Path directory;

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "client.mjs")) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(Map.of(), "npm", "install", "--no-save");
    }

    @Test
    void theClientAddsSearchesReadsChangesAndForgets() throws Exception {
        try (RunningServer server = RunningServer.at(directory)) {
            String key = server.keyOf("acme", Permission.ADMIN);
            String printed = run(
                    Map.of("MEMOS4J_URL", server.url("").toString(), "MEMOS4J_KEY", key, "MEM0_TELEMETRY", "false"),
                    "node",
                    "client.mjs");
            JsonNode out = new JsonMapper().readTree(printed.lines().toList().getLast());
            assertThat(text(out, "/added/status")).isEqualTo("PENDING");
            assertThat(out.at("/added/results").size()).isEqualTo(2);
            assertThat(text(out, "/verbatim/results/0/event")).isEqualTo("ADD");
            assertThat(text(out, "/search/results/0/memory")).isEqualTo("I moved to Lyon last week.");
            assertThat(text(out, "/search/results/0/userId")).isEqualTo("alice");
            assertThat(text(out, "/search/results/0/metadata/teamName")).isEqualTo("blue");
            assertThat(out.at("/search/results/0/score").doubleValue()).isPositive();
            assertThat(out.at("/filtered/results").size()).isEqualTo(1);
            assertThat(text(out, "/filtered/results/0/runId")).isEqualTo("r1");
            assertThat(out.at("/all/count").intValue()).isEqualTo(3);
            assertThat(out.at("/all/results").size()).isEqualTo(2);
            assertThat(text(out, "/got/memory")).isEqualTo("I moved to Lyon last week.");
            assertThat(text(out, "/updated/memory")).isEqualTo("I moved to Nice last week.");
            assertThat(text(out, "/history/1/oldMemory")).isEqualTo("I moved to Lyon last week.");
            assertThat(text(out, "/history/1/newMemory")).isEqualTo("I moved to Nice last week.");
            assertThat(text(out, "/users/results/0/name")).isEqualTo("alice");
            assertThat(text(out, "/batch/message")).contains("1");
            assertThat(text(out, "/deleted/message")).isEqualTo("Memory deleted successfully!");
            assertThat(text(out, "/missing")).isEqualTo("MemoryNotFoundError");
            assertThat(out.at("/left/count").intValue()).isZero();
            assertThat(text(out, "/deletedUsers/message")).contains("deleted");
        }
    }

    private static String text(JsonNode out, String pointer) {
        return out.at(pointer).asString();
    }

    private static String run(Map<String, String> variables, String... command) throws Exception {
        Path log = FOLDER.resolve(command[0] + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectOutput(log.toFile())
                .redirectError(FOLDER.resolve(command[0] + ".err").toFile());
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "This test runs '" + command[0] + "', which is not there. Install Node.js 20 or newer with npm.",
                    e);
        }
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        String printed = Files.readString(log, StandardCharsets.UTF_8);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", command) + "\n" + printed
                        + Files.readString(FOLDER.resolve(command[0] + ".err"), StandardCharsets.UTF_8))
                .isTrue();
        return printed;
    }
}
