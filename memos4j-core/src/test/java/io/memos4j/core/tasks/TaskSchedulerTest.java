package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class TaskSchedulerTest extends TaskSchedulerFixture {
    @Test
    void theEffectIsCommittedWithTheEnd() {
        TaskScheduler scheduler = scheduler();
        Task task = ask("a", MERGE);
        assertThat(scheduler.runDueTasks()).isOne();
        assertThat(state(task)).isEqualTo(TaskState.DONE);
        assertThat(found(task).note()).isEqualTo("merged");
        assertThat(scheduler.runDueTasks()).isZero();
    }

    @Test
    void aFailedTaskWaitsLongerEachTimeAndIsDeadInTheEndWhileOthersGoOn() {
        handlers.put(TaskKind.LINK, run -> {
            throw new MemoryException(ErrorCode.MODEL_FAILED, "no answer");
        });
        TaskScheduler scheduler = scheduler();
        Task poisoned = ask("a", TaskRequest.of(TaskKind.LINK));
        scheduler.runDueTasks();
        Duration first = Duration.between(clock.instant(), found(poisoned).due());
        for (int i = 0; i < 50; i++) {
            ask("a", MERGE.about("task " + i));
            ask("b", MERGE.about("task " + i));
            turn(scheduler);
        }
        assertThat(ran).hasSize(100);
        assertThat(state(poisoned)).isEqualTo(TaskState.SCHEDULED);
        clock.advance(first);
        scheduler.runDueTasks();
        Duration second = Duration.between(clock.instant(), found(poisoned).due());
        assertThat(second).isGreaterThan(first);
        clock.advance(second);
        scheduler.runDueTasks();
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
        TaskScheduler scheduler = scheduler();
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
        TaskScheduler other = builder(others).build();
        handlers.put(TaskKind.LINK, run -> {
            clock.advance(Duration.ofMinutes(2));
            other.runDueTasks();
            return linking(run);
        });
        Task task = ask("a", TaskRequest.of(TaskKind.LINK));
        scheduler().runDueTasks();
        assertThat(ran).containsExactly("attempt 2", "attempt 1");
        assertThat(state(task)).isEqualTo(TaskState.DONE);
        assertThat(found(task).attempts()).isEqualTo(2);
        assertThat(found(task).note()).isEqualTo("by attempt 2");
    }

    private TaskOutcome linking(TaskRun run) {
        int attempt = run.task().attempts();
        ran.add("attempt " + attempt);
        run.commit(writer -> {
            writer.setMark(run.cube().key(), TaskKind.LINK, attempt);
            return true;
        });
        return TaskOutcome.done("by attempt " + attempt);
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
            return TaskOutcome.done("slow");
        });
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            TaskScheduler scheduler = scheduler(4, threads);
            Task task = ask("a", TaskRequest.of(TaskKind.LINK));
            scheduler.runDueTasks();
            begun.await();
            for (int i = 0; i < 10; i++) {
                clock.advance(Duration.ofSeconds(12));
                scheduler.runDueTasks();
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
                waitForInterrupt(run, stuck, interrupted);
            }
            return TaskOutcome.done("second try");
        });
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            TaskScheduler scheduler = scheduler(4, threads);
            Task task = ask("a", TaskRequest.of(TaskKind.LINK));
            scheduler.runDueTasks();
            stuck.await();
            clock.advance(Duration.ofMinutes(31));
            scheduler.runDueTasks();
            interrupted.await();
            Awaitility.await().until(() -> {
                clock.advance(Duration.ofSeconds(40));
                scheduler.runDueTasks();
                return state(task) == TaskState.DONE;
            });
            assertThat(found(task).note()).isEqualTo("second try");
        }
    }

    private static void waitForInterrupt(TaskRun run, CountDownLatch begun, CountDownLatch interrupted) {
        run.runInterruptibly(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return true;
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw new MemoryException(ErrorCode.INTERRUPTED, "interrupted", e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTRACT", "TEACH", "EMBED", "LINK"})
    void aStopInterruptsTheRunsOfAllLanesAndTheirTasksRunAgainLater(TaskKind kind) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        handlers.put(kind, run -> {
            if (begun.getCount() > 0) {
                waitForInterrupt(run, begun, interrupted);
            }
            return TaskOutcome.done("second run");
        });
        Task task = ask("a", TaskRequest.of(kind));
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            TaskScheduler scheduler = scheduler(4, threads);
            scheduler.runDueTasks();
            begun.await();
            scheduler.stop();
            boolean stopped = interrupted.await(10, TimeUnit.SECONDS);
            if (!stopped) {
                threads.shutdownNow();
            }
            assertThat(stopped).isTrue();
        }
        assertThat(found(task).attempts()).isZero();
        turn(scheduler());
        assertThat(found(task).note()).isEqualTo("second run");
        assertThat(state(task)).isEqualTo(TaskState.DONE);
    }

    @Test
    void aTaskThatWaitsIsNotAFailure() {
        handlers.put(
                TaskKind.LINK,
                run -> clock.instant().equals(START)
                        ? TaskOutcome.wait(START.plusSeconds(3_600), "the budget is spent")
                        : TaskOutcome.done("read"));
        TaskScheduler scheduler = scheduler();
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
        TaskScheduler scheduler = scheduler();
        Task task = ask("a", MERGE);
        clock.advance(Duration.ofDays(-30));
        turn(scheduler);
        assertThat(state(task)).isEqualTo(TaskState.DONE);
    }

    @Test
    void theTasksOfADeletedCubeEndSilently() {
        handlers.put(TaskKind.LINK, run -> {
            vault.write(writer -> {
                writer.deleteCube(run.cube().key());
                return true;
            });
            return TaskOutcome.done("too late", writer -> {
                throw new IllegalStateException("must not be called");
            });
        });
        TaskScheduler scheduler = scheduler();
        Task task = ask("a", TaskRequest.of(TaskKind.LINK));
        turn(scheduler);
        assertThat(vault.<Optional<Task>>read(reader -> reader.tasks().find(task.id())))
                .isEmpty();
        assertThat(scheduler.runDueTasks()).isZero();
    }
}
