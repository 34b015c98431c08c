package io.memos4j.core.clock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MonotonicClockTest {
    private static final Instant START = Instant.parse("2025-03-04T10:00:00.123Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final MonotonicClock clock = new MonotonicClock(wall::get, Instant.EPOCH);

    @Test
    void itShowsTheOtherClockInMilliseconds() {
        wall.set(START.plusNanos(456_789));
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void itStandsStillWhileTheOtherClockIsBehind() {
        assertThat(clock.instant()).isEqualTo(START);
        wall.set(START.minusSeconds(9));
        assertThat(clock.instant()).isEqualTo(START);
        wall.set(START.plusSeconds(1));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
        assertThat(new MonotonicClock(wall::get, START.plusSeconds(5)).instant())
                .isEqualTo(START.plusSeconds(5));
    }

    @Test
    void anInstantOfItsOwnIsAfterAllBeforeItAndBeforeAllAfterIt() {
        Instant before = clock.instant();
        Instant single = clock.uniqueInstant();
        Instant after = clock.instant();
        Instant next = clock.uniqueInstant();
        assertThat(single).isAfter(before).isBefore(after);
        assertThat(next).isAfter(after);
    }

    @Test
    void manyThreadsNeverGetTheSameInstantOfTheirOwn() throws Exception {
        List<Instant> singles = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                running.add(threads.submit(() -> {
                    for (int n = 0; n < 50; n++) {
                        singles.add(clock.uniqueInstant());
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        assertThat(new HashSet<>(singles)).hasSize(2_500);
    }
}
