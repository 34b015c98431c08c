package io.memos4j.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MaintenanceTimerTest extends AgingFixture {
    @Test
    void workThatFailsUnexpectedlyRunsAgain() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        try (MaintenanceTimer timer = new MaintenanceTimer(
                engine.storage.vault,
                engine.storage.indexes,
                engine.background.indexing,
                engine.storage.config.clock())) {
            timer.every(Duration.ZERO, Duration.ofMillis(1), "test", () -> {
                runs.countDown();
                throw new IllegalStateException("a defect");
            });
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
