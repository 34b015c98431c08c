package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.SchedulerStatus;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What always fails ends as a dead letter with a reason, and keeps nothing else waiting; what people do with tasks
 * outlives a restart.
 */
class PoisonedTaskTest {
    private static final String POISON = "poison";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final CubeId ILL = CubeId.of("ill");
    private static final CubeId WELL = CubeId.of("well");
    private static final TaskRequest LINK = TaskRequest.of(TaskKind.LINK);
    private static final Pattern MESSAGE = Pattern.compile("⟦message (\\d+)[^⟧]*⟧\\n([^⟦]*)");

    @TempDir
    private Path directory;

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private volatile UnaryOperator<String> model = PoisonedTaskTest::retold;
    private volatile PromotionTarget target = (cube, memories) -> {};
    private HashingEmbedder embedder = new HashingEmbedder("hash", 32);
    private MemOs memos;

    @BeforeEach
    void open() {
        memos = MemOs.open(config().withModel(new LanguageModel() {
            @Override
            public String id() {
                return "scripted";
            }

            @Override
            public Completion complete(Prompt prompt) {
                return new Completion(model.apply(prompt.user()), 10, 10, false);
            }
        }));
    }

    private MemOsConfig config() {
        embedder = new HashingEmbedder("hash", 32);
        return MemOsConfig.at(directory)
                .withClock(clock)
                .withEmbedder(embedder)
                .withBackground(new Background(Set.of(), List.of((cube, memories) -> target.offer(cube, memories))));
    }

    private void reopen() {
        memos.close();
        open();
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private static String retold(String prompt) {
        Matcher message = MESSAGE.matcher(prompt);
        return message.find() ? """
                {"memories": [{"type": "event", "text": "%s", "sources": [%s], "confidence": 0.9, "occurred": null,
                  "valid_from": null, "valid_to": null, "implicit": false, "attribute": null, "supersedes": []}],
                 "updates": [], "retirements": []}""".formatted(message.group(2).strip(), message.group(1)) : "{}";
    }

    private static UnaryOperator<String> failingOnPoison(Throwable failure) {
        return prompt -> {
            if (!prompt.contains(POISON)) {
                return retold(prompt);
            }
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    private MemScheduler tasks() {
        return memos.scheduler();
    }

    private ItemId say(CubeId cube, String text) {
        return memos.cube(cube.value())
                .add(Message.user(text).by("Alice").in("s"))
                .ids()
                .getFirst();
    }

    private List<Task> of(CubeId cube, TaskKind kind) {
        return tasks().list(TaskQuery.ALL.of(cube).kind(kind));
    }

    private List<String> events(CubeId cube) {
        return memos.cube(cube.value()).list(ListRequest.first().where(Filter.type(ItemType.EVENT))).items().stream()
                .map(item -> item.text())
                .toList();
    }

    /** Lets the time of each try come, until the task has ended. */
    private Task ended(TaskId id) {
        Task task = tasks().await(id, Duration.ofMillis(50));
        while (!task.state().isTerminal()) {
            if (task.state() == TaskState.SCHEDULED) {
                clock.advance(Duration.between(clock.instant(), task.due()).plusMillis(1));
                tasks().resumeAll();
            }
            task = tasks().await(id, Duration.ofMillis(50));
        }
        return task;
    }

    private void everythingElseIsDone(CubeId cube) {
        for (TaskKind kind : List.of(TaskKind.LINK, TaskKind.MERGE, TaskKind.PROFILE, TaskKind.COMPACT)) {
            assertThat(ended(tasks().submit(cube, TaskRequest.of(kind)).id()).state())
                    .as("%s of %s", kind, cube)
                    .isEqualTo(TaskState.DONE);
        }
    }

    private void aWindowThatBreaksTheReaderIsPassedOver(Throwable failure, String reason) {
        model = failingOnPoison(failure);
        say(ILL, "This is " + POISON);
        TaskId reading = of(ILL, TaskKind.EXTRACT).getFirst().id();
        assertThat(ended(reading).state()).isEqualTo(TaskState.DONE);
        TaskId letter = of(ILL, TaskKind.EXTRACT).getFirst().id();
        assertThat(letter).isNotEqualTo(reading);
        assertThat(ended(letter)).satisfies(dead -> {
            assertThat(dead.state()).isEqualTo(TaskState.DEAD);
            assertThat(dead.note()).contains(reason);
        });
        say(ILL, "The herons are back");
        say(WELL, "The storks are back");
        for (CubeId cube : List.of(ILL, WELL)) {
            assertThat(ended(of(cube, TaskKind.EXTRACT).getFirst().id()).state())
                    .isEqualTo(TaskState.DONE);
            everythingElseIsDone(cube);
        }
        assertThat(events(ILL)).containsExactly("The herons are back");
        assertThat(events(WELL)).containsExactly("The storks are back");
        model = PoisonedTaskTest::retold;
        assertThat(ended(tasks().replay(letter).id()).state()).isEqualTo(TaskState.DONE);
        assertThat(events(ILL)).contains("This is " + POISON);
    }

    @Test
    void whatTheModelAlwaysFailsOnIsPassedOverNamedAndReadOnceItIsHealed() {
        aWindowThatBreaksTheReaderIsPassedOver(
                new MemoryException(ErrorCode.MODEL_FAILED, "no answer"), "model_failed: no answer");
    }

    @Test
    void aModelThatBreaksItsContractKeepsNothingElseFromBeingRead() {
        aWindowThatBreaksTheReaderIsPassedOver(new IllegalStateException("broken client"), "broken client");
    }

    @Test
    void aModelThatOverflowsTheStackKeepsNothingElseFromBeingRead() {
        aWindowThatBreaksTheReaderIsPassedOver(new StackOverflowError("deep answer"), "deep answer");
    }

    @Test
    void anItemThatCannotBeEmbeddedStaysWithoutAVectorAndTheOthersHaveTheirs() {
        embedder.failingOn(POISON);
        for (int i = 0; i < 20; i++) {
            say(ILL, i == 7 ? "This is " + POISON : "Heron number " + i);
        }
        say(WELL, "The storks are back");
        for (CubeId cube : List.of(ILL, WELL)) {
            assertThat(memos.cube(cube.value()).awaitIdle(PATIENCE)).isTrue();
            assertThat(memos.cube(cube.value()).describe().pendingVectors()).isZero();
            everythingElseIsDone(cube);
        }
        assertThat(of(ILL, TaskKind.EMBED)).noneMatch(task -> task.state() == TaskState.DEAD);
        assertThat(memos.cube("ill")
                        .search("This is " + POISON)
                        .hits()
                        .getFirst()
                        .item()
                        .text())
                .contains(POISON);
    }

    /** A memory that is hot and stable. */
    private void promotable(CubeId cube) {
        MemCube found = memos.cube(cube.value());
        ItemId id = found.add(Note.of("The spare key lies under the third stone"))
                .ids()
                .getFirst();
        for (int i = 0; i < 5; i++) {
            assertThat(found.get(id)).isPresent();
        }
        reopen();
        clock.advance(Duration.ofDays(8));
    }

    @Test
    void aPromotionTargetThatOverflowsTheStackHarmsNobodyElse() {
        promotable(ILL);
        target = (cube, memories) -> {
            throw new StackOverflowError("deep");
        };
        Task dead = ended(tasks().submit(ILL, TaskRequest.of(TaskKind.PROMOTE)).id());
        assertThat(dead.state()).isEqualTo(TaskState.DEAD);
        assertThat(dead.note()).contains("StackOverflowError", "deep");
        assertThat(dead.attempts()).isGreaterThan(1);
        everythingElseIsDone(ILL);
        say(WELL, "The storks are back");
        everythingElseIsDone(WELL);
        reopen();
        assertThat(tasks().find(dead.id())).contains(dead);
        target = (cube, memories) -> {};
        assertThat(ended(tasks().replay(dead.id()).id()).note()).contains("1 memories offered");
    }

    @Test
    void whatIsPausedWaitsOverARestartWhileOthersGoOn() {
        say(ILL, "a heron");
        say(WELL, "a stork");
        tasks().pause(ILL);
        TaskId waiting = tasks().submit(ILL, LINK).id();
        assertThat(ended(tasks().submit(WELL, LINK).id()).state()).isEqualTo(TaskState.DONE);
        assertThat(tasks().await(waiting, Duration.ZERO).state()).isEqualTo(TaskState.READY);
        reopen();
        assertThat(tasks().status(ILL).paused()).isTrue();
        assertThat(tasks().status(WELL).paused()).isFalse();
        assertThat(tasks().status(ILL).count(TaskState.READY)).isPositive();
        everythingElseIsDone(WELL);
        assertThat(tasks().find(waiting).map(Task::state)).contains(TaskState.READY);
        tasks().resume(ILL);
        assertThat(ended(waiting).state()).isEqualTo(TaskState.DONE);
        assertThat(tasks().status(ILL).paused()).isFalse();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(tasks().status(ILL).oldestReady())
                        .as("whatever else was paused is done as well")
                        .isZero());
    }

    @Test
    void aPauseOfAllIsLiftedByResumingAllOnly() {
        say(ILL, "a heron");
        tasks().pauseAll();
        TaskId waiting = tasks().submit(ILL, LINK).id();
        tasks().resume(ILL);
        reopen();
        assertThat(tasks().status()).returns(true, SchedulerStatus::paused);
        assertThat(tasks().status(ILL).paused()).isTrue();
        assertThat(tasks().await(waiting, Duration.ZERO).state()).isEqualTo(TaskState.READY);
        tasks().resumeAll();
        assertThat(ended(waiting).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void aTaskThatWaitsForTheModelEndsWhenItIsCancelledAndStaysCancelledOverARestart() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        model = prompt -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
                return "";
            } catch (InterruptedException e) {
                interrupted.countDown();
                Thread.currentThread().interrupt();
                throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted.", e);
            }
        };
        say(ILL, "a heron");
        TaskId id = tasks().submit(ILL, TaskRequest.of(TaskKind.EXTRACT)).id();
        asked.await();
        assertThat(tasks().list(TaskQuery.ALL.in(TaskState.RUNNING)))
                .extracting(Task::id)
                .contains(id);
        assertThat(tasks().cancel(id)).isTrue();
        interrupted.await();
        assertThat(tasks().cancel(id)).isFalse();
        assertThat(tasks().await(id, PATIENCE).state()).isEqualTo(TaskState.CANCELLED);
        model = PoisonedTaskTest::retold;
        tasks().pause(ILL);
        reopen();
        assertThat(tasks().find(id).map(Task::state)).contains(TaskState.CANCELLED);
        tasks().resume(ILL);
        TaskId again = tasks().replay(id).id();
        assertThat(ended(again).state()).isEqualTo(TaskState.DONE);
        assertThat(events(ILL)).containsExactly("a heron");
        assertThatThrownBy(() -> tasks().replay(again)).hasMessageContaining("only a dead or cancelled one");
    }

    @Test
    void whoWaitsForATaskOfACubeThatIsDeletedIsToldSo() {
        say(ILL, "a heron");
        tasks().pause(ILL);
        TaskId id = tasks().submit(ILL, LINK).id();
        Thread deleting = Thread.ofVirtual().start(() -> memos.delete(ILL));
        refused(ErrorCode.TASK_NOT_FOUND, () -> tasks().await(id, PATIENCE));
        assertThat(deleting).satisfies(Thread::join);
        assertThat(tasks().list(TaskQuery.ALL.of(ILL))).isEmpty();
        assertThat(tasks().cancel(id)).isFalse();
        assertThatThrownBy(() -> tasks().status(ILL)).hasMessageContaining("no cube 'ill'");
        assertThatThrownBy(() -> tasks().submit(ILL, LINK)).hasMessageContaining("no cube 'ill'");
        say(ILL, "a cube of the same name is not paused");
        assertThat(ended(tasks().submit(ILL, LINK).id()).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void maintenanceDoesNotWaitForTasksThatThisEngineHasNoMeansFor() {
        say(ILL, "a heron");
        TaskId reading = of(ILL, TaskKind.EXTRACT).getFirst().id();
        memos.close();
        memos = MemOs.open(config().withoutEmbedder());
        assertThat(tasks().maintain(ILL, PATIENCE)).isTrue();
        assertThat(tasks().find(reading).map(Task::state)).contains(TaskState.SCHEDULED);
        assertThat(of(ILL, TaskKind.SUMMARIZE)).isNotEmpty().allMatch(task -> task.state() == TaskState.DONE);
        reopen();
        assertThat(ended(reading).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void tasksThatEndedAreForgottenButDeadOnesAreKeptLonger() {
        promotable(ILL);
        target = (cube, memories) -> {
            throw new MemoryException(ErrorCode.CORRUPT, "the target is lost");
        };
        TaskId dead = ended(
                        tasks().submit(ILL, TaskRequest.of(TaskKind.PROMOTE)).id())
                .id();
        TaskId done = ended(tasks().submit(ILL, LINK).id()).id();
        clock.advance(Duration.ofHours(25));
        reopen();
        Awaitility.await().until(() -> tasks().find(done).isEmpty());
        assertThat(tasks().find(dead).map(Task::state)).contains(TaskState.DEAD);
        clock.advance(Duration.ofDays(31));
        reopen();
        Awaitility.await().until(() -> tasks().find(dead).isEmpty());
    }
}
