package io.memos4j.server.operations;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.operations.HealthMonitor.Verdict;
import io.memos4j.server.operations.ProcessWatchdog.Schedule;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class HealthMonitorTest {
    private final AtomicLong nanos = new AtomicLong();

    private void later(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Runnable failing(ErrorCode code) {
        return () -> {
            throw new MemoryException(code, "simulated");
        };
    }

    @Test
    void aResultIsSharedWhileItIsFresh() {
        AtomicInteger trials = new AtomicInteger();
        HealthMonitor monitor = new HealthMonitor(trials::incrementAndGet, nanos::get);
        for (int i = 0; i < 10; i++) {
            assertThat(monitor.check().ready()).isTrue();
        }
        assertThat(trials).hasValue(1);
        later(HealthMonitor.FRESH);
        assertThat(monitor.check().alive()).isTrue();
        assertThat(trials).hasValue(2);
    }

    @Test
    void aFullDiskIsNotReadyButAlive() {
        HealthMonitor monitor = new HealthMonitor(failing(ErrorCode.STORAGE_FULL), nanos::get);
        later(HealthMonitor.GRACE.multipliedBy(10));
        Verdict verdict = monitor.check();
        assertThat(verdict.ready()).isFalse();
        assertThat(verdict.alive()).isTrue();
        refused(ErrorCode.STORAGE_FULL, monitor::requireReady, "simulated");
    }

    @Test
    void anEngineThatFailsForLongIsDead() {
        AtomicInteger failures = new AtomicInteger(1);
        HealthMonitor monitor = new HealthMonitor(
                () -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("simulated");
                    }
                },
                nanos::get);
        assertThat(monitor.check().alive()).isTrue();
        later(HealthMonitor.GRACE);
        failures.set(1);
        assertThat(monitor.check().alive()).isFalse();
        later(HealthMonitor.FRESH);
        assertThat(monitor.check()).isEqualTo(new Verdict(Optional.empty(), true));
    }

    @Test
    void anEngineThatHangsIsSoonNotReadyAndLaterDeadAndNobodyWaitsForIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        AtomicInteger trials = new AtomicInteger();
        HealthMonitor monitor = new HealthMonitor(
                () -> {
                    trials.incrementAndGet();
                    tried.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                () -> nanos.addAndGet(HealthMonitor.LONGEST_TRIAL.toNanos()));
        Verdict soon = monitor.check();
        assertThat(soon.alive()).isTrue();
        assertThat(soon.problem()).map(MemoryException::code).contains(ErrorCode.TIMEOUT);
        later(HealthMonitor.GRACE);
        for (int i = 0; i < 100; i++) {
            assertThat(monitor.check().alive()).isFalse();
        }
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(trials).hasValue(1);
        never.countDown();
    }

    @Test
    void theWatchdogEndsADeadProcessOnce() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HealthMonitor monitor = new HealthMonitor(
                failing(ErrorCode.STORAGE_FAILED), () -> nanos.addAndGet(HealthMonitor.GRACE.toNanos()));
        Schedule schedule = new Schedule(Duration.ofMillis(1), Duration.ofMillis(20));
        try (ProcessWatchdog watchdog = new ProcessWatchdog(monitor, schedule, ended::countDown)) {
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theWatchdogLetsALivingProcessLive() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch trials = new CountDownLatch(20);
        HealthMonitor monitor =
                new HealthMonitor(trials::countDown, () -> nanos.addAndGet(HealthMonitor.FRESH.toNanos()));
        Schedule schedule = new Schedule(Duration.ofMillis(1), Duration.ZERO);
        try (ProcessWatchdog watchdog = new ProcessWatchdog(monitor, schedule, ended::countDown)) {
            assertThat(trials.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ended.getCount()).isEqualTo(1);
    }
}
