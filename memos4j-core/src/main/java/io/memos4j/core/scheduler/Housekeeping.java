package io.memos4j.core.scheduler;

import io.memos4j.api.MemoryException;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.spi.Vault;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done now and then: commits open indexes, so that a restart repeats little, and forgets old idempotency answers. */
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);

    /** How long a repeated request with the same key is recognised. */
    private static final Duration ANSWERS_KEPT = Duration.ofDays(7);

    private static final Duration FORGET_EVERY = Duration.ofHours(6);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memos4j-housekeeping").daemon().factory());

    public Housekeeping(Vault vault, OpenIndexes indexes, Clock clock) {
        every(COMMIT_EVERY, "commit of the open indexes", indexes::commit);
        every(
                FORGET_EVERY,
                "removal of old idempotency keys",
                () -> vault.write(writer -> {
                    writer.forgetAnswers(clock.instant().minus(ANSWERS_KEPT));
                    return true;
                }));
    }

    private void every(Duration period, String what, Runnable work) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (MemoryException e) {
                        LOG.warn("The {} failed and will be tried again: {}", what, e.getMessage());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Waits for a running job. */
    @Override
    public void close() {
        timer.close();
    }
}
