package io.memos4j.client;

import io.memos4j.http.RetryPolicy;
import java.time.Duration;

/**
 * How patient a client is.
 *
 * @param connect how long to wait for a connection; 10 s by default
 * @param call how long to wait for an answer, at each try; 60 s by default
 * @param tries how often a call is sent at the most, if it is safe to repeat; 4 by default, 1 for never again
 * @param pause before the second try; doubles with each further one, minus up to half by chance; 200 ms by default
 * @param longestPause also what a server may ask for at the most; 10 s by default
 */
public record ClientOptions(Duration connect, Duration call, int tries, Duration pause, Duration longestPause) {
    private static final double JITTER = 0.5;

    public static final ClientOptions DEFAULT = new ClientOptions(
            Duration.ofSeconds(10), Duration.ofSeconds(60), 4, Duration.ofMillis(200), Duration.ofSeconds(10));

    public ClientOptions {
        if (connect.isNegative() || connect.isZero() || call.isNegative() || call.isZero()) {
            throw new IllegalArgumentException("Timeouts must be longer than zero.");
        }
        if (tries < 1 || pause.isNegative() || longestPause.isNegative()) {
            throw new IllegalArgumentException("A call is tried at least once, and pauses are not negative.");
        }
    }

    /** The tries and pauses as the transport takes them. */
    RetryPolicy retries() {
        return new RetryPolicy(tries, pause, longestPause, JITTER);
    }

    public ClientOptions connectingWithin(Duration timeout) {
        return new ClientOptions(timeout, call, tries, pause, longestPause);
    }

    public ClientOptions answeringWithin(Duration timeout) {
        return new ClientOptions(connect, timeout, tries, pause, longestPause);
    }

    public ClientOptions trying(int times) {
        return new ClientOptions(connect, call, times, pause, longestPause);
    }

    public ClientOptions pausing(Duration first, Duration longest) {
        return new ClientOptions(connect, call, tries, first, longest);
    }
}
