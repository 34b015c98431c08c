package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class MainTest extends CommandLineFixture {
    @Test
    void whatIsAddedIsFoundListedShownAndErased() {
        String id = run("add", "--speaker", "Alice", "--time", "2025-03-01T10:00:00Z", "I moved to Lyon")
                .out()
                .strip();
        assertThat(run("search", "lyon").out())
                .contains("I moved to Lyon")
                .contains("Alice")
                .contains(id);
        assertThat(run("list").out()).contains("I moved to Lyon");
        assertThat(run("show", id).out()).contains("version    1");
        assertThat(run("history", id).out()).contains("version 1");
        assertThat(run("delete", id).status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("delete", id, "--yes").out()).contains("Erased 1 items");
        assertThat(run("search", "lyon").out()).contains("Nothing found");
        assertThat(run("show", id).err()).contains("[item_not_found]");
    }

    @Test
    void jsonIsAllThatStandsOnStandardOutput() {
        run("add", "--json", "coffee, black");
        JsonNode result = MAPPER.readTree(run("search", "--json", "coffee").out());
        assertThat(result.path("hits").get(0).path("text").asString()).isEqualTo("coffee, black");
        assertThat(MAPPER.readTree(run("cubes", "--json").out()).path("items").asInt())
                .isEqualTo(1);
        for (String line : run("list", "--json").out().lines().toList()) {
            assertThat(MAPPER.readTree(line).isObject()).isTrue();
        }
        for (String line : run("doctor", "--json").out().lines().toList()) {
            assertThat(MAPPER.readTree(line).path("level").asString()).isNotEqualTo("ERROR");
        }
    }

    @Test
    void aRepeatedImportStoresNothingTwiceAndSaysSo() throws IOException {
        Path log = directory.resolve("chat.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 450; i++) {
            lines.append("{\"role\":\"user\",\"content\":\"message ").append(i).append("\",\"session\":\"s\"}\n");
        }
        lines.append("{\"session\":\"t\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"content\":\"hello\"}]}\n");
        Files.writeString(log, lines);
        assertThat(run("import", log.toString()).out()).contains("452 messages").doesNotContain("already");
        assertThat(run("import", log.toString()).out()).contains("452 of them existed already");
        assertThat(MAPPER.readTree(run("cubes", "--json").out()).path("items").asInt())
                .isEqualTo(452);
    }

    @Test
    void symbolicLinksInAFolderAreNotFollowed() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("docs"));
        Path outside = Files.createDirectory(directory.resolve("private"));
        Files.writeString(outside.resolve("secret.md"), "The door code is 4711.");
        Files.writeString(folder.resolve("a.md"), "The night train leaves at nine.");
        Files.createSymbolicLink(folder.resolve("b.md"), outside.resolve("secret.md"));
        Files.createSymbolicLink(folder.resolve("c"), outside);
        Outcome imported = run("import", folder.toString());
        assertThat(imported.out()).contains("1 documents");
        assertThat(imported.err()).contains("skipped", "b.md", "symbolic link");
        assertThat(run("search", "door code").out()).doesNotContain("4711");
        Path named = Files.createSymbolicLink(directory.resolve("named"), folder);
        assertThat(run("import", named.toString()).out()).contains("1 documents");
    }

    @Test
    void everyWayToStartEndsAProcessWithoutMemory() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("deploy"))) {
            root = root.getParent();
        }
        for (String file : new String[] {"memos4j", "Dockerfile", "deploy/memos4j.service"}) {
            assertThat(Files.readString(root.resolve(file))).as(file).contains("-XX:+ExitOnOutOfMemoryError");
        }
    }

    @Test
    void aFolderOfDocumentsIsImported() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("docs/deep"));
        Files.writeString(folder.resolve("a.md"), "# Trains\n\nThe night train to Vienna leaves at nine.\n");
        Files.writeString(folder.resolveSibling("b.csv"), "name,city\nAlice,Lyon\n");
        Files.writeString(folder.resolve("ignored.bin"), "x");
        assertThat(run("import", directory.resolve("docs").toString()).out()).contains("2 documents");
        assertThat(run("search", "night train").out()).contains("a.md > Trains");
        assertThat(run("search", "Alice city").out()).contains("city: Lyon");
    }

    @Test
    void aMalformedLineIsNamedAndNothingOfItsFileIsStored() throws IOException {
        Path log = directory.resolve("chat.jsonl");
        Files.writeString(log, "{\"role\":\"user\",\"text\":\"good\"}\n{broken\n{\"role\":\"user\"}\n");
        Outcome refused = run("import", log.toString());
        assertThat(refused.status()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("chat.jsonl:2: not JSON").doesNotContain("\tat ");
        assertThat(run("list").out()).doesNotContain("good");
        assertThat(run("import", "--skip-bad", log.toString()).out())
                .contains("1 messages")
                .contains("2 lines or documents");
        assertThat(run("list").out()).contains("good");
    }

    @Test
    void anUnknownCubeNamesSimilarOnes() {
        run("add", "--cube", "alice", "x");
        Outcome missing = run("search", "--cube", "alic", "x");
        assertThat(missing.status()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("Did you mean alice?").contains("[cube_not_found]");
    }

    @Test
    void wrongUsageIsToldApartFromFailure() {
        assertThat(runPlain("frobnicate").status()).isEqualTo(ExitCode.USAGE);
        assertThat(runPlain("search").status()).isEqualTo(ExitCode.USAGE);
        assertThat(runPlain("--help").status()).isZero();
        assertThat(runPlain("search", "--help").out()).contains("--max-tokens");
        assertThat(run("add", "x", "--time", "yesterday").err()).contains("'yesterday' is not a time");
        assertThat(run("add", "x", "--type", "nonsense").err()).contains("Unknown memory type");
    }

    @Test
    void storedTextCannotSteerTheTerminal() {
        run("add", "before \u001b]0;owned\u0007 after");
        assertThat(run("search", "before").out())
                .contains("before")
                .doesNotContain("\u001b")
                .doesNotContain("\u0007");
    }

    @Test
    void filtersNarrowASearch() {
        run("add", "--speaker", "Alice", "--session", "s1", "--time", "2025-01-01", "tea in winter");
        run("add", "--speaker", "Bob", "--session", "s2", "--time", "2025-06-01", "tea in summer");
        assertThat(run("search", "tea", "--speaker", "Bob").out())
                .contains("summer")
                .doesNotContain("winter");
        assertThat(run("search", "tea", "--until", "2025-03-01").out())
                .contains("winter")
                .doesNotContain("summer");
        assertThat(run("search", "tea", "--session", "none").out()).contains("Nothing found");
    }
}
