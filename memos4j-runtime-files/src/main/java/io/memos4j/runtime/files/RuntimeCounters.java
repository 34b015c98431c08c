package io.memos4j.runtime.files;

import io.memos4j.spi.runtime.ActivationStatistics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts the work of a runtime, see {@link ActivationStatistics}. Thread-safe. */
public final class RuntimeCounters {
    public final LongAdder prefilled = new LongAdder();
    public final LongAdder restored = new LongAdder();
    public final LongAdder reused = new LongAdder();
    public final LongAdder generated = new LongAdder();
    private final LongAdder generations = new LongAdder();
    private final LongAdder firstTokenNanos = new LongAdder();

    /** Counts a generation that produced a token. */
    public void recordFirstToken(Duration waited) {
        generations.increment();
        firstTokenNanos.add(waited.toNanos());
    }

    /** The counts so far, with the handles and tokens that are held now. */
    public ActivationStatistics snapshot(int handles, int contextTokens) {
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
