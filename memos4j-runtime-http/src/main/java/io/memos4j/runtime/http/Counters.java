package io.memos4j.runtime.http;

import io.memos4j.spi.ActivationStatistics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What has been done so far. Thread-safe. */
final class Counters {
    final LongAdder prefilled = new LongAdder();
    final LongAdder restored = new LongAdder();
    final LongAdder reused = new LongAdder();
    final LongAdder generated = new LongAdder();
    private final LongAdder generations = new LongAdder();
    private final LongAdder firstTokenNanos = new LongAdder();

    void firstToken(Duration waited) {
        generations.increment();
        firstTokenNanos.add(waited.toNanos());
    }

    ActivationStatistics snapshot(int handles, int contextTokens) {
        return new ActivationStatistics(
                prefilled.sum(),
                restored.sum(),
                reused.sum(),
                generated.sum(),
                generations.sum(),
                Duration.ofNanos(firstTokenNanos.sum()),
                handles,
                contextTokens);
    }
}
