package io.memos4j.core.scheduler;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Task;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskRequest;
import io.memos4j.api.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SchedulerTest extends SchedulerFixture {
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
}
