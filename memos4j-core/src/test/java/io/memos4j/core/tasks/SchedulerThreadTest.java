package io.memos4j.core.tasks;

import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskState;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SchedulerThreadTest extends TaskSchedulerFixture {
    @Test
    void turnsThatFailAreRepeatedUntilOneSucceeds() {
        Task task = ask("a", MERGE);
        AtomicInteger failures = new AtomicInteger(2);
        InstantSource moody = () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("nobody knows the time");
            }
            return START;
        };
        Clock told = moody.withZone(ZoneOffset.UTC);
        ExecutorService executor = Executors.newCachedThreadPool();
        TaskScheduler scheduler = TaskScheduler.builder(vault, handlers)
                .clock(told)
                .retry(RETRY, RandomGenerator.getDefault())
                .slots(Map.of(), executor)
                .build();
        try (SchedulerThread thread = new SchedulerThread(scheduler, told, executor)) {
            Awaitility.await().until(() -> state(task) == TaskState.DONE);
        }
    }

    @Test
    void anErrorOfTheMachineDoesNotEndTheThread() {
        Task task = ask("a", MERGE);
        AtomicInteger failures = new AtomicInteger(2);
        ExecutorService executor = Executors.newCachedThreadPool();
        TaskScheduler scheduler = TaskScheduler.builder(vault, handlers)
                .clock(Clock.fixed(START, ZoneOffset.UTC))
                .retry(RETRY, RandomGenerator.getDefault())
                .slots(Map.of(), work -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    executor.execute(work);
                })
                .build();
        try (SchedulerThread thread = new SchedulerThread(scheduler, Clock.fixed(START, ZoneOffset.UTC), executor)) {
            Awaitility.await().until(() -> state(task) == TaskState.DONE);
        }
    }
}
