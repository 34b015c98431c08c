package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.core.access.AuditedCall;
import io.memos4j.spi.access.AuditChain;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The audit log of an engine: what is in it, and what it proves. */
class AuditTest {
    private static final Instant START = Instant.parse("2025-03-04T10:00:00Z");

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock(START);
    private MemOs memos;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder().withClock(clock));
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private List<AuditEntry> entries() {
        return memos.governance().audit(AuditQuery.ALL.limit(1_000)).items();
    }

    /** Returns the entries about a cube without the caller: action, target and number of calls, oldest first. */
    private List<String> lines(String cube) {
        return memos.governance().audit(AuditQuery.ALL.about(CubeId.of(cube)).limit(1_000)).items().reversed().stream()
                .map(entry -> (entry.action() + " " + entry.target()).strip() + " x" + entry.count())
                .toList();
    }

    private AuditVerification verify() {
        return memos.governance().verifyAudit(Set.of(), Map.of());
    }

    @Test
    void changesAndReadsOfTheLibraryAreThereWithTheirItems() {
        MemCube cube = memos.cube("alice");
        ItemId id = cube.add(Note.of("The door is green.")).ids().getFirst();
        cube.update(id, ItemEdit.text("The door is blue."));
        assertThat(cube.get(id)).isPresent();
        cube.search("door");
        cube.search("blue");
        cube.time().snapshot("before");
        cube.delete(Selection.item(id));
        assertThat(lines("alice"))
                .containsExactly(
                        "library create cube cube x1",
                        "library add " + id + " x1",
                        "library update " + id + " x1",
                        "library snapshot snapshot x1",
                        "library delete " + id + " x1",
                        "library get x1",
                        "library search x2");
        assertThat(entries()).allSatisfy(entry -> {
            assertThat(entry.principal()).isEqualTo(AuditedCall.LOCAL);
            assertThat(entry.outcome()).isEqualTo(200);
        });
    }

    @Test
    void whatACallDoesIsAuditedUnderItsCallerAndItsAction() {
        memos.governance().create("acme", false);
        var acme = memos.governance()
                .authenticate(memos.governance().issue(KeyRequest.of("acme")).secret())
                .orElseThrow();
        AuditedCall call = AuditedCall.of("POST /x", "r1").by(acme);
        assertThat(call.isRecorded()).isFalse();
        ItemId id = memos.runAs(call, () -> memos.cube("acme/a").add(Note.of("One.")))
                .ids()
                .getFirst();
        assertThat(call.isRecorded()).isTrue();
        assertThat(memos.governance().audit(AuditQuery.ALL.by("acme")).items())
                .first()
                .isEqualTo(new AuditEntry(
                        4, START, "acme", acme.key().id(), "POST /x", "acme/a", id.toString(), 200, "r1"));
        assertThat(memos.cube("acme/a").history(id).getFirst().actor().stored()).isEqualTo(acme.actor());
    }

    @Test
    void aChangeThatIsNotMadeLeavesNoEntry() {
        MemCube cube = memos.cube("alice");
        cube.add(Note.of("One."));
        List<AuditEntry> before = entries();
        assertThatThrownBy(() -> memos.governance().remove("nobody")).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> memos.governance().grant("nobody", cube.id(), Permission.READ, Optional.empty()))
                .isInstanceOf(MemoryException.class);
        cube.delete(Selection.session("none"));
        assertThat(entries()).isEqualTo(before);
        assertThat(verify().isIntact()).isTrue();
    }

    @Test
    void manyReadsAndRefusalsAreFewEntriesAndNoneIsLostAtTheEnd() {
        MemCube cube = memos.cube("alice");
        AuditedCall call = AuditedCall.of("GET /x", "r");
        for (int i = 0; i < 500; i++) {
            cube.list(ListRequest.first());
            memos.audit().ended(call, Optional.of(CubeId.of("cube " + i)), "", 403);
        }
        close();
        open();
        assertThat(lines("alice")).containsExactly("library create cube cube x1", "library list x500");
        assertThat(memos.governance().audit(AuditQuery.ALL.by("")).items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.count()).isEqualTo(500));
    }

    @Test
    void manyWritersMakeOneChain() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 200; i++) {
                String text = "Note " + i;
                threads.submit(() -> {
                    MemCube cube = memos.cube("cube" + text.hashCode() % 3);
                    cube.add(Note.of(text));
                    return cube.search(text);
                });
            }
        }
        AuditVerification found = verify();
        assertThat(found.problems()).isEmpty();
        assertThat(found.entries()).isEqualTo(found.last()).isGreaterThan(200);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER IF EXISTS audit_unchanged");
            statement.execute("DROP TRIGGER IF EXISTS audit_kept");
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Records twenty changes; a checkpoint is signed an hour later. */
    private void fill() {
        for (int i = 0; i < 19; i++) {
            memos.cube("alice").add(Note.of("Note " + i));
        }
        clock.advance(Duration.ofHours(2));
        close();
        open();
        assertThat(verify().problems()).isEmpty();
        assertThat(verify().entries()).isEqualTo(20);
        assertThat(verify().signedUpTo()).isEqualTo(20);
    }

    @Test
    void everyChangeOfTheFileIsFound() throws Exception {
        fill();
        List<String> attacks = List.of(
                "UPDATE audit SET outcome = 403 WHERE number = 7",
                "UPDATE audit SET principal = 'eve' WHERE number = 7",
                "UPDATE audit SET count = 2 WHERE number = 20",
                "UPDATE audit SET at = at + 1 WHERE number = 1",
                "UPDATE audit SET hash = x'00' WHERE number = 7",
                "DELETE FROM audit WHERE number = 7",
                "DELETE FROM audit WHERE number = 1",
                "DELETE FROM audit WHERE number > 17",
                "DELETE FROM audit",
                "INSERT INTO audit SELECT 21, at, principal, key, action, cube, target, outcome, request, count, hash"
                        + " FROM audit WHERE number = 20",
                "UPDATE audit_start SET number = 5, hash = (SELECT hash FROM audit WHERE number = 5)",
                "UPDATE audit_checkpoint SET number = 19",
                "UPDATE audit_checkpoint SET signature = zeroblob(64)");
        memos.close();
        Path vault = directory.resolve("memos.db");
        byte[] original = Files.readAllBytes(vault);
        for (String attack : attacks) {
            Files.write(vault, original);
            execute(attack);
            open();
            assertThat(verify().isIntact()).as(attack).isFalse();
            memos.close();
        }
        Files.write(vault, original);
        open();
        assertThat(verify().isIntact()).isTrue();
    }

    /** Rewrites the whole chain as somebody with the file but without the key can. */
    private void forge() throws SQLException {
        List<AuditRecord> all = new ArrayList<>();
        memos.governance().exportAudit(AuditQuery.AuditFilter.ALL, all::add);
        memos.close();
        byte[] hash = AuditChain.beginning();
        List<String> statements = new ArrayList<>();
        for (AuditRecord each : all) {
            AuditEntry entry = each.entry();
            AuditEntry forged = new AuditEntry(
                    entry.number(), entry.at(), "eve", "", entry.action(), entry.cube(), entry.target(), 200, "");
            hash = AuditChain.hash(hash, forged);
            statements.add("UPDATE audit SET principal = 'eve', hash = x'"
                    + HexFormat.of().formatHex(hash) + "' WHERE number = " + entry.number());
        }
        execute(statements.toArray(String[]::new));
        open();
    }

    @Test
    void aRewrittenChainIsFoundByItsCheckpointOrByANotedHash() throws Exception {
        memos.cube("alice");
        AuditVerification noted = verify();
        forge();
        assertThat(verify().signedUpTo()).isZero();
        assertThat(verify().isIntact()).as("nothing was signed yet").isTrue();
        assertThat(memos.governance()
                        .verifyAudit(Set.of(), Map.of(noted.last(), noted.hash()))
                        .problems())
                .singleElement()
                .asString()
                .contains("another hash");
        signAndForge();
        assertThat(verify().problems()).anyMatch(problem -> problem.contains("another hash"));
        assertThat(memos.governance()
                        .verifyAudit(Set.of(), Map.of(1_000L, noted.hash()))
                        .problems())
                .anyMatch(problem -> problem.contains("Entry 1000 is missing"));
    }

    private void signAndForge() throws SQLException {
        clock.advance(Duration.ofHours(2));
        memos.cube("alice").add(Note.of("Signed."));
        clock.advance(Duration.ofHours(2));
        close();
        open();
        assertThat(verify().signedUpTo()).isPositive();
        forge();
    }

    @Test
    void aCheckpointOfAnotherKeyCountsOnlyIfItIsTrusted() throws Exception {
        fill();
        String known = verify().publicKey();
        memos.close();
        Files.delete(directory.resolve("audit.key"));
        open();
        assertThat(verify().problems()).singleElement().asString().contains("another key", known);
        assertThat(memos.governance().verifyAudit(Set.of(known), Map.of()).isIntact())
                .isTrue();
        assertThat(Files.exists(directory.resolve("audit.key"))).isFalse();
    }

    @Test
    void theKeyCanBeElsewhereAndADamagedOneStopsNothing(@TempDir Path elsewhere) throws Exception {
        Path key = elsewhere.resolve("secret");
        memos.close();
        memos = MemOs.open(
                MemOsConfig.at(directory).withoutEmbedder().withClock(clock).withAuditKey(key));
        memos.cube("alice");
        clock.advance(Duration.ofHours(2));
        memos.close();
        assertThat(Files.readAllLines(key)).hasSize(2);
        assertThat(Files.exists(directory.resolve("audit.key"))).isFalse();
        Files.writeString(key, "damaged");
        memos = MemOs.open(
                MemOsConfig.at(directory).withoutEmbedder().withClock(clock).withAuditKey(key));
        memos.cube("alice").add(Note.of("Still works."));
        assertThatThrownBy(this::verify).hasMessageContaining("audit's key").hasMessageContaining("secret");
        clock.advance(Duration.ofHours(2));
        memos.close();
        open();
        assertThat(memos.cube("alice").list(ListRequest.first()).items()).hasSize(1);
    }

    @Test
    void whatIsLeftAfterTheRetentionIsVerifiedAsBefore() throws Exception {
        fill();
        memos.cube("alice").add(Note.of("Later."));
        assertThat(memos.governance().removeAudit(START)).isZero();
        assertThat(memos.governance().removeAudit(START.plusSeconds(1))).isEqualTo(20);
        AuditVerification found = verify();
        assertThat(found.problems()).isEmpty();
        assertThat(found.first()).isEqualTo(21);
        assertThat(lines("alice"))
                .containsExactly(memos.governance().audit(AuditQuery.ALL.about(CubeId.of("alice"))).items().stream()
                        .map(entry -> "library add " + entry.target() + " x1")
                        .toArray(String[]::new));
        assertThat(entries().getFirst().action()).isEqualTo("library remove audit entries");
        assertThat(entries().getFirst().target()).isEqualTo("up to 20");
        assertThat(memos.governance().removeAudit(clock.instant().plusSeconds(1)))
                .isEqualTo(2);
        memos.cube("alice").add(Note.of("Last."));
        assertThat(verify().problems()).isEmpty();
        assertThat(entries().getFirst().number()).isEqualTo(24);
        memos.close();
        execute("DELETE FROM audit_checkpoint WHERE number = 22");
        open();
        assertThat(verify().problems()).singleElement().asString().contains("without a checkpoint");
    }

    @Test
    void anExportHasEveryEntryWithTheHashThatFollowsFromIt() {
        fill();
        List<AuditRecord> all = new ArrayList<>();
        memos.governance().exportAudit(AuditQuery.AuditFilter.ALL, all::add);
        byte[] hash = AuditChain.beginning();
        for (AuditRecord each : all) {
            hash = AuditChain.hash(hash, each.entry());
            assertThat(each.hash()).isEqualTo(HexFormat.of().formatHex(hash));
        }
        assertThat(all).hasSize(20);
        assertThat(verify().hash()).isEqualTo(all.getLast().hash());
    }

    @Test
    void aTextWithControlCharactersOrHalfASurrogateIsReadAsItWasHashed() {
        memos.audit().ended(AuditedCall.of("GET \u0000\ud800 x", "r"), Optional.empty(), "a\nb\udc00".repeat(400), 404);
        AuditEntry entry = entries().getFirst();
        assertThat(entry.action()).isEqualTo("GET ?? x");
        assertThat(entry.target()).hasSize(500).startsWith("a?b?a");
        assertThat(verify().problems()).isEmpty();
    }
}
