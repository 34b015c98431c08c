package io.memos4j.core.scheduler;

import io.memos4j.api.Task;
import io.memos4j.api.TaskState;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SchedulerThreadTest extends SchedulerFixture {
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
        Scheduler scheduler = new Scheduler(
                vault,
                handlers,
                new Scheduler.Setting(
                        told, UUID::randomUUID, RandomGenerator.getDefault(), RETRY, Map.of(), executor, new Signal()));
        try (SchedulerThread thread = new SchedulerThread(scheduler, told, executor)) {
            Awaitility.await().until(() -> state(task) == TaskState.DONE);
        }
    }
}
