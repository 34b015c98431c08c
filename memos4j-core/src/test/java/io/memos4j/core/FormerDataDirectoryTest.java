package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Opens a data directory as the release before the redesign wrote it (commit b35f0f2, vault format 7, with its
 * indexes): stored names and layouts stay readable whatever becomes of the names in the code. The archive also holds
 * the secret of the API key.
 */
class FormerDataDirectoryTest {
    private static final Instant WRITTEN = Instant.parse("2025-03-04T10:00:00Z");
    private static final Instant LEFT = Instant.parse("2025-06-02T10:04:00Z");

    @TempDir
    Path directory;

    private String secret = "";
    private MemOs memos;
    private MemCube alice;

    @BeforeEach
    void open() throws IOException {
        DataDirectoryArchive.unpack("b35f0f2", directory);
        Path key = directory.resolve("api-key.txt");
        secret = Files.readString(key);
        Files.delete(key);
        memos = reopened();
        alice = memos.cube("alice");
    }

    private MemOs reopened() {
        return MemOs.open(MemOsConfig.at(directory)
                .withClock(new MutableClock(LEFT))
                .withEmbedder(new HashingEmbedder("hash", 32)));
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private MemoryItem item(String text) {
        return alice.list(ListRequest.first()).items().stream()
                .filter(item -> item.text().contains(text))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itemsKeepTheirTextStateOriginAndMetadata() {
        assertThat(memos.checkHealth().isHealthy()).isTrue();
        assertThat(memos.cubes()).containsExactly(CubeId.of("acme/team"), CubeId.of("alice"));
        assertThat(alice.list(ListRequest.first()).items())
                .extracting(MemoryItem::state)
                .containsOnly(ItemState.ACTIVATED, ItemState.ARCHIVED, ItemState.EXPIRED, ItemState.FROZEN)
                .hasSize(9);
        MemoryItem allergy = item("walnuts");
        assertThat(allergy.title()).isEqualTo("Allergy");
        assertThat(allergy.tags()).containsExactly("health");
        assertThat(allergy.metadata()).isEqualTo(Map.of("level", 3L, "by", Map.of("doctor", "Weber")));
        assertThat(item("Paris").origin().speaker()).isEqualTo("Alice");
        assertThat(item("door code").state()).isEqualTo(ItemState.EXPIRED);
        assertThat(item("rule").state()).isEqualTo(ItemState.FROZEN);
    }

    @Test
    void textsAreLabeled() {
        assertThat(item("walnuts").sensitivity()).isEqualTo(Sensitivity.PRIVATE);
        assertThat(item("door code").sensitivity()).isEqualTo(Sensitivity.SECRET);
        assertThat(item("Paris").sensitivity()).isEqualTo(Sensitivity.INTERNAL);
    }

    @Test
    void searchFindsWhatIsRecalledWithoutRebuildingAnything() {
        assertThat(alice.search(SearchRequest.of("Where does Alice live?").in("chat-1"))
                        .hits())
                .extracting(hit -> hit.item().text())
                .contains("I moved to Lyon last week.")
                .doesNotContain("I live in Paris.");
        assertThat(alice.workingMemory("chat-1").items()).isNotEmpty();
        assertThat(alice.describe().pendingVectors()).isZero();
    }

    @Test
    void historyTellsWhoChangedWhatAndTheTimeMachineGoesBack() {
        MemoryItem allergy = item("walnuts");
        assertThat(alice.history(allergy.id()))
                .extracting(
                        ItemVersion::cause, version -> version.actor().stored().split(":", 3)[0])
                .containsExactly(tuple("add", "user"), tuple("update", "key"), tuple("cooled below 0.3", "task"));
        assertThat(alice.supersessions(item("Paris").id()))
                .containsExactly(new SupersessionRecord(
                        item("Paris").id(), item("Lyon last week").id(), "moved", WRITTEN.plus(Duration.ofMinutes(2))));
        assertThat(alice.time().snapshots()).extracting(Snapshot::name).containsExactly("before the move");
        assertThat(alice.time().recordedAt("before the move").get(item("Paris").id()))
                .get()
                .extracting(MemoryItem::state)
                .isEqualTo(ItemState.ACTIVATED);
        assertThat(alice.explain(allergy.id()).text()).contains("by key:abc123");
    }

    @Test
    void tasksAndPausesAreStillThere() {
        List<Task> ready = memos.scheduler().list(TaskQuery.ALL.in(TaskState.READY));
        assertThat(ready)
                .extracting(Task::cube, Task::kind, Task::priority)
                .contains(tuple(CubeId.of("acme/team"), TaskKind.COMPACT, 7));
        assertThat(memos.scheduler().status(CubeId.of("acme/team")).paused()).isTrue();
        assertThat(memos.scheduler().status(alice.id()).paused()).isFalse();
    }

    @Test
    void keysGrantsPoliciesAndTheAuditAreStillThere() {
        assertThat(memos.governance()
                        .authenticate(secret)
                        .orElseThrow()
                        .principal()
                        .name())
                .isEqualTo("acme");
        assertThat(memos.governance().principals()).extracting(Principal::name).contains("acme", "bea");
        assertThat(memos.governance().grantsTo("bea"))
                .extracting(CubeGrant::cube, CubeGrant::permission)
                .containsExactly(tuple(CubeId.of("acme/team"), Permission.READ));
        assertThat(memos.governance().audit(AuditQuery.ALL).items())
                .extracting(AuditEntry::request)
                .containsExactly("r1");
        assertThat(memos.governance().verifyAudit(Set.of(), Map.of()).problems())
                .isEmpty();
        assertThat(alice.policy())
                .isEqualTo(RetentionPolicy.DEFAULT
                        .halfLife(Duration.ofDays(30))
                        .archiveBelow(0.3)
                        .capacity(1000));
    }

    @Test
    void adaptersAndPromotionsAreStillThere() {
        assertThat(alice.adapters().policy().consent()).isTrue();
        assertThat(alice.adapters().list())
                .extracting(Adapter::id, Adapter::state)
                .containsExactly(tuple(new AdapterId("lesson", 1), AdapterState.ADMITTED));
        Adapter lesson = alice.adapters().list().getFirst();
        assertThat(lesson.evaluation().orElseThrow().reasons()).containsExactly("too small");
        assertThat(lesson.training().duration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(alice.activations().promoted())
                .extracting(ActivationMemory.Promotion::why)
                .containsExactly("used often");
    }

    @Test
    void itIsWrittenToAsBefore() {
        AddResult again = alice.add(
                Message.user("I live in Paris.").by("Alice").in("chat-1").at(WRITTEN.minusSeconds(3600)));
        assertThat(again.items()).extracting(AddResult.Added::outcome).containsExactly(AddResult.Outcome.DUPLICATE);
        assertThat(again.ids()).containsExactly(item("Paris").id());
        alice.add(Message.user("I moved to Nice.").by("Alice").in("chat-1"));
        alice.update(item("bicycle").id(), ItemEdit.text("The old bicycle was sold"));
        alice.reinstate(item("Paris").id());
        ItemId allergy = item("walnuts").id();
        assertThat(alice.time().rollback("before the move").restored()).contains(allergy);
        assertThat(alice.get(allergy).orElseThrow().text()).isEqualTo("Alice is allergic to peanuts");
        memos.close();
        memos = reopened();
        alice = memos.cube("alice");
        assertThat(alice.search("Where does Alice live?").hits())
                .extracting(hit -> hit.item().text())
                .contains("I live in Paris.");
        assertThat(memos.checkHealth().isHealthy()).isTrue();
    }
}
