package io.memos4j.client;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The client against a real server. */
class MemoryClientTest {
    @TempDir
    Path directory;

    private RealServer server;
    private MemoryClient client;
    private CubeClient alice;

    @BeforeEach
    void start() {
        server = RealServer.at(directory);
        client = server.client();
        alice = client.cube("alice");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static MemoryClientException failure(ThrowingCallable call) {
        List<MemoryClientException> caught = new ArrayList<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(MemoryClientException.class, caught::add);
        return caught.get(0);
    }

    @Test
    void theExampleOfTheDocumentationWorks() {
        AddResult added = alice.add(AddRequest.messages(
                        Message.user("I moved to Lyon last week.")
                                .by("Alice")
                                .at(Instant.parse("2026-05-17T09:30:00Z")),
                        Message.assistant("How do you like it?"))
                .in("monday"));
        assertThat(added.items()).extracting(AddResult.Item::outcome).containsExactly("added", "added");

        SearchResult found = alice.search(SearchRequest.of("Where does Alice live? Lyon")
                .limit(5)
                .maxTokens(512)
                .explained());
        SearchResult.Hit hit = found.hits().get(0);
        MemoryRecord first = hit.memory();
        assertThat(first.id()).isEqualTo(added.ids().get(0));
        assertThat(first.text()).isEqualTo("I moved to Lyon last week.");
        assertThat(first.speaker()).isEqualTo("Alice");
        assertThat(first.session()).isEqualTo("monday");
        assertThat(first.time()).isEqualTo(Instant.parse("2026-05-17T09:30:00Z"));
        assertThat(first.cube()).isEqualTo("alice");
        assertThat(hit.score()).isBetween(0.0, 1.0);
        assertThat(hit.why()).isNotEmpty();
        assertThat(found.context()).contains("Lyon");
        assertThat(found.contextTokens()).isPositive();

        MemoryRecord tagged = alice.update(first, ItemEdit.none().tags("home"));
        assertThat(tagged.tags()).containsExactly("home");
        assertThat(alice.list().filter(each -> each.type().equals("message"))).hasSize(2);
        assertThat(alice.delete(first.id()).selected()).containsExactly(first.id());
        assertThat(alice.get(first.id())).isEmpty();
    }

    @Test
    void anEditOfWhatHasChangedIsRefused() {
        String id = alice.add("first").ids().get(0);
        MemoryRecord seen = alice.get(id).orElseThrow();
        alice.update(seen, ItemEdit.text("second").title("t").metadata(Map.of("n", 1)));
        MemoryClientException late = failure(() -> alice.update(seen, ItemEdit.text("third")));
        assertThat(late.code()).isEqualTo("version_conflict");
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.retryable()).isFalse();
        assertThat(late.requestId()).isNotEmpty();
        assertThat(alice.update(id, ItemEdit.text("fourth")).version()).isEqualTo(3);
        List<MemoryVersion> history = alice.history(id);
        assertThat(history).extracting(version -> version.memory().text()).containsExactly("first", "second", "fourth");
        assertThat(history.get(0).superseded()).isPresent();
        assertThat(history.get(2).superseded()).isEmpty();
        assertThat(history.get(1).actor()).startsWith("key:");
        assertThat(history.get(1).memory().metadata()).containsEntry("n", 1);
        MemoryChange last = alice.changes(id).findFirst().orElseThrow();
        assertThat(last.kind()).isEqualTo("edited");
        assertThat(last.confidence()).contains(1.0);
        assertThat(last.current().text()).isEqualTo("fourth");
        assertThat(alice.undo(last.id()).restored())
                .extracting(MemoryRecord::text)
                .containsExactly("second");
        assertThat(alice.undo(last.id()).repeated()).isTrue();
        assertThat(alice.changes().map(MemoryChange::kind)).containsExactly("undone", "edited", "edited");
        assertThat(alice.changes(last.recorded().plusSeconds(3600))).isEmpty();
    }

    @Test
    void whatAMessageAsksToForgetIsNamedWithItsEnd() {
        String pin = alice.add(List.of(Message.user("My PIN is 4711."))).ids().getFirst();
        AddResult asked = alice.add(List.of(Message.user("Forget my PIN.")));
        assertThat(asked.forgotten()).extracting(AddResult.Forgotten::id).containsExactly(pin);
        assertThat(asked.forgotten().getFirst().erased()).isAfter(Instant.now());
        assertThat(alice.list()).isEmpty();
        assertThat(alice.list(Map.of("state", "forgotten")))
                .extracting(MemoryRecord::id)
                .contains(pin);
    }

    @Test
    void aListReadsPageAfterPage() {
        alice.add(AddRequest.messages(IntStream.range(0, 450)
                        .mapToObj(i -> Message.user("Number " + i + " of many."))
                        .toList())
                .in("long"));
        alice.add(AddRequest.notes("Another one.").in("short"));
        assertThat(alice.list()).hasSize(451);
        assertThat(alice.list(Map.of("session", "short")))
                .extracting(MemoryRecord::text)
                .containsExactly("Another one.");
        assertThat(alice.list().limit(3)).hasSize(3);
        assertThat(alice.sessions()).extracting(SessionSummary::session).containsExactly("long", "short");
        assertThat(alice.deleteSession("long").count()).isGreaterThanOrEqualTo(450);
        assertThat(alice.deleteMatching(Map.of("session", "short")).count()).isEqualTo(1);
        assertThat(alice.describe().items()).isZero();
    }

    @Test
    void aListShowsWhatTheCubeKnewAtAnEarlierTime() {
        String id = alice.add("first").ids().get(0);
        MemoryRecord seen = alice.get(id).orElseThrow();
        alice.update(seen, ItemEdit.text("second"));
        assertThat(alice.list(Map.of(), seen.updated()))
                .extracting(MemoryRecord::text)
                .containsExactly("first");
        assertThat(alice.list()).extracting(MemoryRecord::text).containsExactly("second");
    }

    @Test
    void feedbackChangesWhatIsRemembered() {
        String id = alice.add("Alice lives in Lyon.").ids().get(0);
        alice.helpful(id);
        alice.unhelpful(id);
        FeedbackOutcome corrected = alice.correct("Alice lives in Paris.", id);
        assertThat(corrected.stored()).isPresent();
        assertThat(alice.search("Alice").context()).contains("Paris");
    }

    @Test
    void tasksCanBeWaitedForAndWatched() {
        alice.add("something");
        server.memos().scheduler().pauseAll();
        String id = server.memos()
                .scheduler()
                .submit(CubeId.of("alice"), TaskRequest.of(TaskKind.REINDEX))
                .id()
                .toString();
        assertThat(alice.tasks()).extracting(TaskStatus::id).contains(id);
        assertThat(client.tasks().await(id, Duration.ofMillis(1)).ended()).isFalse();
        List<String> states = new ArrayList<>();
        var last = client.tasks().watch(id, task -> {
            states.add(task.state());
            server.memos().scheduler().resumeAll();
        });
        assertThat(states).first().isEqualTo("ready");
        assertThat(last).hasValueSatisfying(task -> assertThat(task.state()).isEqualTo("done"));
        assertThat(client.tasks().await(id, Duration.ofMinutes(1)).state()).isEqualTo("done");
        assertThat(client.tasks().find(id))
                .hasValueSatisfying(task -> assertThat(task.kind()).isEqualTo("reindex"));
        assertThat(client.tasks().cancel(id)).isFalse();
        assertThat(client.tasks().find("01890a5d-ac96-774b-bcce-b302099a8057")).isEmpty();
        assertThat(failure(() -> client.tasks().watch("01890a5d-ac96-774b-bcce-b302099a8057", task -> {}))
                        .code())
                .isEqualTo("task_not_found");
    }

    @Test
    void anAddThatWaitsIsComplete() {
        AddResult added = alice.add(AddRequest.notes("Now.").waiting(Duration.ofSeconds(30)));
        assertThat(added.complete()).contains(true);
        assertThat(alice.add("Later.").complete()).isEmpty();
        assertThat(alice.maintain(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void anAddWithTheSameKeyHappensOnce() {
        AddRequest once = AddRequest.notes("once").withIdempotencyKey("k1");
        String id = alice.add(once).ids().get(0);
        AddResult again = alice.add(once);
        assertThat(again.replayed()).isTrue();
        assertThat(again.ids()).containsExactly(id);
    }

    @Test
    void cubesOfAnyNameAndSeveralAtOnce() {
        CubeClient odd = client.cube("a/b % 北京?#");
        odd.create();
        odd.add("The odd one.");
        alice.add("The usual one.");
        assertThat(client.cubes()).containsExactlyInAnyOrder("alice", "a/b % 北京?#");
        assertThat(client.search(List.of("alice", odd.name()), SearchRequest.of("one"))
                        .hits())
                .hasSize(2);
        odd.deleteCube();
        assertThat(failure(odd::describe).code()).isEqualTo("cube_not_found");
        assertThat(client.ready()).isTrue();
    }

    @Test
    void failuresTellWhatTheServerSaid() {
        MemoryClientException wrongKey =
                failure(() -> server.client("m4j_wrong").cubes());
        assertThat(wrongKey.code()).isEqualTo("unauthenticated");
        assertThat(wrongKey.status()).isEqualTo(401);
        assertThat(failure(() -> alice.search(SearchRequest.of("x").limit(100_000))))
                .hasMessageContaining("limit");
        assertThatThrownBy(() -> MemoryClient.connect("localhost:7070", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://");
        assertThatThrownBy(() -> MemoryClient.connect("http://localhost:7070", "m4j_secret\nX-Other: 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key")
                .hasMessageNotContaining("secret");
    }

    @Test
    void manyThreadsShareAClient() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<AddResult>> added = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> alice.add("Number " + i + " of them.")))
                    .toList();
            for (Future<AddResult> each : added) {
                assertThat(each.get().ids()).hasSize(1);
            }
        }
        assertThat(alice.describe().items()).isEqualTo(100);
    }
}
