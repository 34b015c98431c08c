package io.memos4j.cli;

import io.memos4j.api.access.AuditEntry;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Principals, keys, grants and the audit on the command line. */
class AccessCommandsTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path directory;

    private record Outcome(int status, String out, String err) {}

    private Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", directory.resolve("data").toString(), "--no-embedder"));
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), all);
        return new Outcome(status, out.toString(), err.toString());
    }

    private JsonNode json(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return MAPPER.readTree(outcome.out());
    }

    @Test
    void principalsAreMadeListedAndRemoved() {
        assertThat(run("principals", "add", "acme").out()).contains("acme", "owns acme/");
        assertThat(json("principals", "add", "root", "--admin", "--json")
                        .path("administrator")
                        .asBoolean())
                .isTrue();
        assertThat(run("principals").out().lines()).hasSize(2);
        assertThat(run("principals", "add", "acme").err()).contains("[principal_exists]");
        assertThat(run("principals", "remove", "acme").out()).contains("Removed principal 'acme'");
        assertThat(run("principals", "remove", "acme").err()).contains("[principal_not_found]");
        assertThat(run("principals").out()).doesNotContain("acme");
    }

    @Test
    void aSecretIsPrintedOnceAloneOnItsLine() {
        run("principals", "add", "acme");
        Outcome issued = run(
                "keys",
                "issue",
                "acme",
                "--label",
                "laptop",
                "--scope",
                "write",
                "--cube",
                "acme/a",
                "--cube",
                "acme/b",
                "--expires",
                "30d");
        assertThat(issued.status()).isZero();
        assertThat(issued.out()).matches("m4j_[a-z2-7]{12}_[A-Za-z0-9_-]{43}\\R");
        assertThat(issued.err().lines())
                .singleElement()
                .asString()
                .contains("never shown again")
                .doesNotContain(issued.out().strip());
        String list = run("keys").out();
        assertThat(list)
                .contains("write", "acme", "laptop", "only acme/a, acme/b", "expires", "never used")
                .doesNotContain(issued.out().strip().substring(17));
        JsonNode key = json("keys", "list", "acme", "--json");
        assertThat(key.path("scope").asString()).isEqualTo("write");
        assertThat(key.path("cubes").get(1).asString()).isEqualTo("acme/b");
        assertThat(key.path("secret").isMissingNode()).isTrue();
        assertThat(run("keys", "list", "nobody").out()).isEmpty();
    }

    @Test
    void keysAreRotatedAndRevoked() {
        run("principals", "add", "acme");
        JsonNode old = json("keys", "issue", "acme", "--json");
        String id = old.path("id").asString();
        assertThat(opens(old)).isTrue();
        JsonNode fresh = json("keys", "rotate", id, "--grace", "1h", "--json");
        assertThat(opens(old)).isTrue();
        assertThat(opens(fresh)).isTrue();
        assertThat(json("keys", "revoke", id, "--json").path("revoked").asString())
                .isNotEmpty();
        assertThat(opens(old)).isFalse();
        assertThat(opens(fresh)).isTrue();
        assertThat(run("keys", "revoke", "nothing").err()).contains("[key_not_found]");
        assertThat(run("keys", "issue", "nobody").err()).contains("[principal_not_found]");
    }

    private boolean opens(JsonNode issued) {
        try (MemOs memos = open()) {
            return memos.governance()
                    .authenticate(issued.path("secret").asString())
                    .isPresent();
        }
    }

    private MemOs open() {
        return MemOs.open(MemOsConfig.at(directory.resolve("data")).withoutEmbedder());
    }

    @Test
    void grantsAreGivenListedAndTakenBack() {
        run("principals", "add", "acme");
        run("add", "--cube", "zeta/notes", "tea");
        assertThat(run("grants", "add", "acme", "zeta/notes", "read", "--expires", "30d")
                        .out())
                .contains("acme", "read", "zeta/notes", "until");
        assertThat(json("grants", "add", "acme", "zeta/notes", "WRITE", "--json")
                        .path("permission")
                        .asString())
                .isEqualTo("write");
        assertThat(run("grants").out().lines()).hasSize(1);
        assertThat(run("grants", "list", "acme", "zeta/notes").out().lines()).hasSize(1);
        assertThat(run("grants", "list", "acme", "other").out()).isEmpty();
        assertThat(run("grants", "add", "acme", "zeta/note", "read").err()).contains("Did you mean zeta/notes?");
        assertThat(run("grants", "remove", "acme", "zeta/notes").out()).contains("Removed the grant");
        assertThat(run("grants", "remove", "acme", "zeta/notes"))
                .returns(ExitCode.FAILED, Outcome::status)
                .satisfies(outcome -> assertThat(outcome.err()).contains("There is no grant"));
    }

    @Test
    void theAuditIsListedPageByPage() {
        assertThat(run("audit").out()).contains("No entries.");
        try (MemOs memos = open()) {
            for (int i = 1; i <= 3; i++) {
                memos.governance()
                        .record(new AuditEntry(
                                0,
                                Instant.EPOCH,
                                "acme",
                                "k",
                                "DELETE x",
                                i == 2 ? "zeta/b" : "acme/a",
                                "t",
                                204,
                                "r"));
            }
        }
        Outcome first = run("audit", "--limit", "2");
        assertThat(first.out().lines()).hasSize(2).first().asString().contains("3", "204", "acme", "DELETE x");
        assertThat(first.err()).contains("--cursor 2");
        assertThat(json("audit", "--cursor", "2", "--json").path("number").asLong())
                .isEqualTo(1);
        assertThat(json("audit", "--cube", "zeta/b", "--principal", "acme", "--json")
                        .path("number")
                        .asLong())
                .isEqualTo(2);
        assertThat(run("audit", "--principal", "nobody").out()).contains("No entries.");
        assertThat(run("audit", "--cursor", "x").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void wrongUsageIsRefusedWithAdvice() {
        assertThat(run("principals", "add").err()).contains("memos4j principals add NAME");
        assertThat(run("principals", "list", "x").err()).contains("takes no name");
        assertThat(run("principals", "remove", "x", "--admin").err()).contains("--admin goes with add");
        assertThat(run("principals", "add", "No").err()).contains("is not a name for a principal");
        assertThat(run("keys", "issue").err()).contains("memos4j keys issue PRINCIPAL");
        assertThat(run("keys", "rotate").err()).contains("memos4j keys rotate ID");
        assertThat(run("keys", "revoke", "x", "--scope", "read").err()).contains("go with issue");
        assertThat(run("keys", "issue", "x", "--grace", "1h").err()).contains("--grace goes with rotate");
        assertThat(run("keys", "issue", "x", "--scope", "all").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("grants", "add", "acme", "a").err()).contains("grants add PRINCIPAL CUBE PERMISSION");
        assertThat(run("grants", "remove", "acme").err()).contains("grants remove PRINCIPAL CUBE");
        assertThat(run("grants", "list", "--expires", "1d").err()).contains("--expires goes with add");
    }
}
