package io.memos4j.core.scheduler;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskKind.Lane;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskRequest;
import io.memos4j.api.TaskState;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultProvider;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SchedulerTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Retry RETRY = new Retry(3, Duration.ofSeconds(2), Duration.ofMinutes(1));
    private static final TaskRequest MERGE = TaskRequest.of(TaskKind.MERGE);

    @TempDir
    private Path directory;

    private final MutableClock clock = new MutableClock(START);
    private final Map<TaskKind, TaskHandler> handlers = new HashMap<>();
    private final List<String> ran = new ArrayList<>();
    private Vault vault;
    private long lastId;

    @BeforeEach
    void openVault() {
        vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        handlers.put(TaskKind.MERGE, run -> {
            ran.add(run.task().cube() + " " + run.task().subject());
            return Outcome.done(
                    "merged",
                    writer -> writer.mark(
                            run.cube().key(), TaskKind.MERGE, run.task().attempts()));
        });
    }

    @AfterEach
    void closeVault() {
        vault.close();
    }

    @Test
    void theEffectIsCommittedWithTheEnd() {
        Scheduler scheduler = scheduler();
        Task task = ask("a", MERGE);
        assertThat(scheduler.turn()).isOne();
        assertThat(state(task)).isEqualTo(TaskState.DONE);
        assertThat(found(task).note()).isEqualTo("merged");
        assertThat(scheduler.turn()).isZero();
    }

    @Test
    void aFailedTaskWaitsLongerEachTimeAndIsDeadInTheEndWhileOthersGoOn() {
        handlers.put(TaskKind.LINK, run -> {
            throw new MemoryException(ErrorCode.MODEL_FAILED, "no answer");
        });
        Scheduler scheduler = scheduler();
        Task poisoned = ask("a", TaskRequest.of(TaskKind.LINK));
        scheduler.turn();
        Duration first = Duration.between(clock.instant(), found(poisoned).due());
        for (int i = 0; i < 50; i++) {
            ask("a", MERGE.about("task " + i));
            ask("b", MERGE.about("task " + i));
            turn(scheduler);
        }
        assertThat(ran).hasSize(100);
        assertThat(state(poisoned)).isEqualTo(TaskState.SCHEDULED);
        clock.advance(first);
        scheduler.turn();
        Duration second = Duration.between(clock.instant(), found(poisoned).due());
        assertThat(second).isGreaterThan(first);
        clock.advance(second);
        scheduler.turn();
        assertThat(state(poisoned)).isEqualTo(TaskState.DEAD);
        assertThat(found(poisoned).note()).contains("model_failed", "no answer");
    }

    @Test
    void whatCannotSucceedIsGivenUpAtOnceAndAnErrorInAHandlerIsAFailure() {
        handlers.put(TaskKind.LINK, run -> {
            throw new MemoryException(ErrorCode.MODEL_REFUSED, "wrong key");
        });
        handlers.put(TaskKind.PROMOTE, run -> {
            throw new StackOverflowError("deep");
        });
        Scheduler scheduler = scheduler();
        Task refused = ask("a", TaskRequest.of(TaskKind.LINK));
        Task broken = ask("b", TaskRequest.of(TaskKind.PROMOTE));
        turn(scheduler);
        assertThat(state(refused)).isEqualTo(TaskState.DEAD);
        assertThat(state(broken)).isEqualTo(TaskState.SCHEDULED);
        assertThat(found(broken).note()).contains("StackOverflowError");
    }

    @Test
    void aWorkerThatWasAwayTooLongCommitsNothing() {
        Map<TaskKind, TaskHandler> others = new HashMap<>();
        others.put(TaskKind.LINK, this::linking);
        Scheduler other = new Scheduler(vault, others, setting(Runnable::run));
        handlers.put(TaskKind.LINK, run -> {
            clock.advance(Duration.ofMinutes(2));
            other.turn();
            return linking(run);
        });
        Task task = ask("a", TaskRequest.of(TaskKind.LINK));
        scheduler().turn();
        assertThat(ran).containsExactly("attempt 2", "attempt 1");
        assertThat(state(task)).isEqualTo(TaskState.DONE);
        assertThat(found(task).attempts()).isEqualTo(2);
        assertThat(found(task).note()).isEqualTo("by attempt 2");
    }

    private Outcome linking(TaskRun run) {
        int attempt = run.task().attempts();
        ran.add("attempt " + attempt);
        run.commit(writer -> {
            writer.mark(run.cube().key(), TaskKind.LINK, attempt);
            return true;
        });
        return Outcome.done("by attempt " + attempt);
    }

    @Test
    void theLeaseOfWhatRunsIsExtended() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handlers.put(TaskKind.LINK, run -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new MemoryException(ErrorCode.INTERRUPTED, "interrupted", e);
            }
            return Outcome.done("slow");
        });
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Scheduler scheduler = new Scheduler(vault, handlers, setting(threads));
            Task task = ask("a", TaskRequest.of(TaskKind.LINK));
            scheduler.turn();
            begun.await();
            for (int i = 0; i < 10; i++) {
                clock.advance(Duration.ofSeconds(12));
                scheduler.turn();
            }
            assertThat(state(task)).isEqualTo(TaskState.RUNNING);
            assertThat(found(task).attempts()).isOne();
            go.countDown();
        }
        assertThat(vault.<List<Task>>read(reader -> reader.tasks().list(TaskQuery.ALL)))
                .extracting(Task::state)
                .containsExactly(TaskState.DONE);
    }

    @Test
    void aStuckRunIsGivenToAnotherOne() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        handlers.put(TaskKind.LINK, run -> {
            if (run.task().attempts() == 1) {
                run.waiting(() -> {
                    stuck.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return true;
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw new MemoryException(ErrorCode.INTERRUPTED, "interrupted", e);
                    }
                });
            }
            return Outcome.done("second try");
        });
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Scheduler scheduler = new Scheduler(vault, handlers, setting(threads));
            Task task = ask("a", TaskRequest.of(TaskKind.LINK));
            scheduler.turn();
            stuck.await();
            clock.advance(Duration.ofMinutes(31));
            scheduler.turn();
            interrupted.await();
            Awaitility.await().until(() -> {
                clock.advance(Duration.ofSeconds(40));
                scheduler.turn();
                return state(task) == TaskState.DONE;
            });
            assertThat(found(task).note()).isEqualTo("second try");
        }
    }

    @Test
    void aTaskWithMoreToDoComesBehindTheOthers() {
        handlers.put(TaskKind.LINK, run -> {
            ran.add("link " + run.task().cube());
            return ran.size() < 4 ? Outcome.more("more", writer -> {}) : Outcome.done("all");
        });
        Scheduler scheduler = scheduler(1);
        ask("a", TaskRequest.of(TaskKind.LINK));
        ask("b", MERGE.about("x"));
        turn(scheduler);
        assertThat(ran).startsWith("link a", "b x", "link a");
    }

    @Test
    void aTaskThatWaitsIsNotAFailure() {
        handlers.put(
                TaskKind.LINK,
                run -> clock.instant().equals(START)
                        ? Outcome.wait(START.plusSeconds(3_600), "the budget is spent")
                        : Outcome.done("read"));
        Scheduler scheduler = scheduler();
        Task task = ask("a", TaskRequest.of(TaskKind.LINK));
        turn(scheduler);
        assertThat(found(task).note()).isEqualTo("the budget is spent");
        assertThat(found(task).attempts()).isZero();
        clock.advance(Duration.ofHours(1));
        turn(scheduler);
        assertThat(state(task)).isEqualTo(TaskState.DONE);
    }

    @Test
    void aClockThatGoesBackDoesNotHoldUpWhatIsReady() {
        Scheduler scheduler = scheduler();
        Task task = ask("a", MERGE);
        clock.advance(Duration.ofDays(-30));
        turn(scheduler);
        assertThat(state(task)).isEqualTo(TaskState.DONE);
    }

    @Test
    void workInTheCallersThreadUsesTheSameQueue() {
        Scheduler scheduler = scheduler();
        CubeRow cube = cube("a");
        Task waiting = ask("a", MERGE);
        String result = scheduler.runHere(cube, MERGE, run -> {
            assertThat(run.task().id()).isEqualTo(waiting.id());
            assertThat(scheduler.turn()).as("its lane is taken").isZero();
            return "here";
        });
        assertThat(result).isEqualTo("here");
        assertThat(state(waiting)).isEqualTo(TaskState.DONE);
        assertThatThrownBy(() -> scheduler.runHere(cube, MERGE, run -> {
                    throw new MemoryException(ErrorCode.MODEL_FAILED, "no answer");
                }))
                .hasMessage("no answer");
        clock.advance(Duration.ofMinutes(1));
        turn(scheduler);
        assertThat(ran).as("tried again in the background").hasSize(1);
    }

    @Test
    void aRunThatEndsHandsItsSlotToTheNextCube() {
        Scheduler scheduler = new Scheduler(vault, handlers, setting(1, Runnable::run));
        for (int i = 0; i < 3; i++) {
            ask("a", MERGE.about("task " + i));
            ask("b", MERGE.about("task " + i));
        }
        assertThat(scheduler.turn()).as("one turn for all").isOne();
        assertThat(ran).containsExactly("a task 0", "b task 0", "a task 1", "b task 1", "a task 2", "b task 2");
        assertThat(scheduler.turn()).isZero();
        ask("a", MERGE.about("later"));
        assertThat(scheduler.turn()).as("the slot is free").isOne();
    }

    @Test
    void whatFailsHandsNothingOnAndKeepsNoSlot() {
        handlers.put(
                TaskKind.LINK,
                run -> Outcome.done("", writer -> {
                    throw new MemoryException(ErrorCode.MODEL_FAILED, "no effect");
                }));
        Scheduler scheduler = new Scheduler(vault, handlers, setting(1, Runnable::run));
        Task failing = ask("a", TaskRequest.of(TaskKind.LINK));
        Task after = ask("b", MERGE);
        turn(scheduler);
        assertThat(state(failing)).isEqualTo(TaskState.SCHEDULED);
        assertThat(state(after)).isEqualTo(TaskState.DONE);
        assertThat(found(after).attempts()).isOne();
    }

    @Test
    void whoWaitsForACubeComesBeforeItsNextTask() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handlers.put(TaskKind.LINK, run -> {
            ran.add("link");
            begun.countDown();
            Awaitility.await().until(() -> go.getCount() == 0);
            return Outcome.done("");
        });
        CubeRow cube = cube("a");
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Scheduler scheduler = new Scheduler(vault, handlers, setting(1, threads));
            ask("a", TaskRequest.of(TaskKind.LINK));
            ask("a", MERGE);
            scheduler.turn();
            begun.await();
            Thread waiting = Thread.startVirtualThread(
                    () -> scheduler.runHere(cube, TaskRequest.of(TaskKind.PROMOTE), run -> ran.add("here")));
            Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING);
            go.countDown();
            waiting.join();
            Awaitility.await().until(() -> {
                scheduler.turn();
                return ended();
            });
        }
        assertThat(ran).containsExactly("link", "here", "a ");
    }

    @Test
    void theTasksOfADeletedCubeEndSilently() {
        handlers.put(TaskKind.LINK, run -> {
            vault.write(writer -> {
                writer.deleteCube(run.cube().key());
                return true;
            });
            return Outcome.done("too late", writer -> {
                throw new IllegalStateException("must not be called");
            });
        });
        Scheduler scheduler = scheduler();
        Task task = ask("a", TaskRequest.of(TaskKind.LINK));
        turn(scheduler);
        assertThat(vault.<Optional<Task>>read(reader -> reader.tasks().find(task.id())))
                .isEmpty();
        assertThat(scheduler.turn()).isZero();
    }

    private boolean ended() {
        return vault.<List<Task>>read(reader -> reader.tasks().list(TaskQuery.ALL)).stream()
                .allMatch(task -> task.state().ended());
    }

    private static void turn(Scheduler scheduler) {
        while (scheduler.turn() > 0) {
            // Everything that is ready.
        }
    }

    private Scheduler scheduler() {
        return scheduler(4);
    }

    private Scheduler scheduler(int slots) {
        return new Scheduler(vault, handlers, setting(slots, Runnable::run));
    }

    private Scheduler.Setting setting(Executor executor) {
        return setting(4, executor);
    }

    private Scheduler.Setting setting(int slots, Executor executor) {
        return new Scheduler.Setting(
                clock,
                () -> new UUID(1, ++lastId),
                RandomGenerator.of("L64X128MixRandom"),
                RETRY,
                Map.of(Lane.UPKEEP, slots),
                executor,
                new Signal());
    }

    private CubeRow cube(String name) {
        return vault.write(writer ->
                writer.findCube(CubeId.of(name)).orElseGet(() -> writer.createCube(CubeId.of(name), "", 0, START)));
    }

    private Task ask(String name, TaskRequest request) {
        CubeRow cube = cube(name);
        return vault.write(writer -> {
            TaskId id = writer.tasks().enqueue(cube.key(), request, new TaskId(new UUID(0, ++lastId)), clock.instant());
            return writer.tasks().find(id).orElseThrow();
        });
    }

    private Task found(Task task) {
        return vault.read(reader -> reader.tasks().find(task.id())).orElseThrow();
    }

    private TaskState state(Task task) {
        return found(task).state();
    }
}
