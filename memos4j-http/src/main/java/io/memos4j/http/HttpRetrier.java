package io.memos4j.http;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/** Repeats calls that failed, after growing pauses, or as late as the server asks for. Thread-safe. */
public final class HttpRetrier {
    /** Waits between tries; tests do not. */
    @FunctionalInterface
    public interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    /** One try of a call. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    private final RetryPolicy policy;
    private final Pause pause;
    private final DoubleSupplier chance;
    private final InstantSource clock;

    public HttpRetrier(RetryPolicy policy, Pause pause) {
        this(policy, pause, () -> ThreadLocalRandom.current().nextDouble(), InstantSource.system());
    }

    HttpRetrier(RetryPolicy policy, Pause pause, DoubleSupplier chance, InstantSource clock) {
        this.policy = policy;
        this.pause = pause;
        this.chance = chance;
        this.clock = clock;
    }

    /**
     * Runs a call until it succeeds.
     *
     * @param repeatable decides which failures may be tried again
     * @throws HttpCallException that of the last try
     * @throws IOException any other, which is not tried again: it comes from what the caller does with the answer
     */
    public <T> T call(Attempt<T> attempt, Predicate<HttpCallException> repeatable)
            throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            Duration wait;
            try {
                return attempt.run();
            } catch (HttpCallException e) {
                Optional<Duration> asked = RetryAfter.parse(e.retryAfter(), clock.instant());
                boolean patient = asked.isEmpty() || asked.get().compareTo(policy.longestPause()) <= 0;
                if (tried >= policy.tries() || !patient || !repeatable.test(e)) {
                    throw e;
                }
                Duration backoff = policy.pauseAfter(tried, chance.getAsDouble());
                wait = asked.filter(each -> each.compareTo(backoff) > 0).orElse(backoff);
            }
            if (!wait.isZero()) {
                pause.sleep(wait);
            }
        }
    }
}
