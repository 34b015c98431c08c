package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeRow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who gets the slots of a lane, and when. */
class LaneSlotsTest extends TaskSchedulerFixture {
    @Test
    void aRunThatEndsHandsItsSlotToTheNextCube() {
        TaskScheduler scheduler = scheduler(1);
        for (int i = 0; i < 3; i++) {
            ask("a", MERGE.about("task " + i));
            ask("b", MERGE.about("task " + i));
        }
        assertThat(scheduler.runDueTasks()).as("one turn for all").isOne();
        assertThat(ran).containsExactly("a task 0", "b task 0", "a task 1", "b task 1", "a task 2", "b task 2");
        assertThat(scheduler.runDueTasks()).isZero();
        ask("a", MERGE.about("later"));
        assertThat(scheduler.runDueTasks()).as("the slot is free").isOne();
    }

    @Test
    void whatFailsHandsNothingOnAndKeepsNoSlot() {
        handlers.put(
                TaskKind.LINK,
                run -> TaskOutcome.done("", writer -> {
                    throw new MemoryException(ErrorCode.MODEL_FAILED, "no effect");
                }));
        TaskScheduler scheduler = scheduler(1);
        Task failing = ask("a", TaskRequest.of(TaskKind.LINK));
        Task after = ask("b", MERGE);
        turn(scheduler);
        assertThat(state(failing)).isEqualTo(TaskState.SCHEDULED);
        assertThat(state(after)).isEqualTo(TaskState.DONE);
        assertThat(found(after).attempts()).isOne();
    }

    @Test
    void whatTheExecutorRefusesKeepsNoSlotAndIsNoAttempt() {
        AtomicInteger room = new AtomicInteger(1);
        TaskScheduler scheduler = scheduler(3, run -> {
            if (room.getAndDecrement() <= 0) {
                throw new RejectedExecutionException("full");
            }
            run.run();
        });
        List<Task> tasks = List.of(ask("a", MERGE), ask("b", MERGE), ask("c", MERGE));
        assertThatThrownBy(scheduler::runDueTasks).isInstanceOf(RejectedExecutionException.class);
        assertThat(tasks).extracting(this::state).containsExactly(TaskState.DONE, TaskState.READY, TaskState.READY);
        assertThat(tasks).extracting(task -> found(task).attempts()).containsExactly(1, 0, 0);
        room.set(3);
        assertThat(scheduler.runDueTasks()).as("both slots are free").isEqualTo(2);
        assertThat(tasks).extracting(this::state).containsOnly(TaskState.DONE);
        assertThat(tasks).extracting(task -> found(task).attempts()).containsOnly(1);
    }

    @Test
    void whoWaitsForACubeComesBeforeItsNextTask() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handlers.put(TaskKind.LINK, run -> {
            ran.add("link");
            begun.countDown();
            Awaitility.await().until(() -> go.getCount() == 0);
            return TaskOutcome.done("");
        });
        CubeRow cube = cube("a");
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            TaskScheduler scheduler = scheduler(1, threads);
            ask("a", TaskRequest.of(TaskKind.LINK));
            ask("a", MERGE);
            scheduler.runDueTasks();
            begun.await();
            Thread waiting = Thread.startVirtualThread(
                    () -> scheduler.runInline(cube, TaskRequest.of(TaskKind.PROMOTE), run -> ran.add("here")));
            Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING);
            go.countDown();
            waiting.join();
            Awaitility.await().until(() -> {
                scheduler.runDueTasks();
                return ended();
            });
        }
        assertThat(ran).containsExactly("link", "here", "a ");
    }

    @Test
    void aTaskWithMoreToDoComesBehindTheOthers() {
        handlers.put(TaskKind.LINK, run -> {
            ran.add("link " + run.task().cube());
            return ran.size() < 4 ? TaskOutcome.more("more") : TaskOutcome.done("all");
        });
        TaskScheduler scheduler = scheduler(1);
        ask("a", TaskRequest.of(TaskKind.LINK));
        ask("b", MERGE.about("x"));
        turn(scheduler);
        assertThat(ran).startsWith("link a", "b x", "link a");
    }

    @Test
    void workInTheCallersThreadUsesTheSameQueue() {
        TaskScheduler scheduler = scheduler();
        CubeRow cube = cube("a");
        Task waiting = ask("a", MERGE);
        String result = scheduler.runInline(cube, MERGE, run -> {
            assertThat(run.task().id()).isEqualTo(waiting.id());
            assertThat(scheduler.runDueTasks()).as("its lane is taken").isZero();
            return "here";
        });
        assertThat(result).isEqualTo("here");
        assertThat(state(waiting)).isEqualTo(TaskState.DONE);
        assertThatThrownBy(() -> scheduler.runInline(cube, MERGE, run -> {
                    throw new MemoryException(ErrorCode.MODEL_FAILED, "no answer");
                }))
                .hasMessage("no answer");
        clock.advance(Duration.ofMinutes(1));
        turn(scheduler);
        assertThat(ran).as("tried again in the background").hasSize(1);
    }

    private boolean ended() {
        return vault.<List<Task>>read(reader -> reader.tasks().list(TaskQuery.ALL)).stream()
                .allMatch(task -> task.state().isTerminal());
    }
}
