package io.memos4j.client;

import io.memos4j.http.RetryPolicy;
import java.time.Duration;

/**
 * The timeouts and retries of a client.
 *
 * @param connect the timeout for a connection; 10 s by default
 * @param call the timeout for an answer, per try; 60 s by default
 * @param tries the maximum number of tries of a call that is safe to repeat; 4 by default, 1 disables retries
 * @param pause the pause before the second try, 200 ms by default; it doubles with each further try, and a random part
 *     of up to one half is subtracted
 * @param longestPause the longest pause; a call fails if the server asks for a longer one; 10 s by default
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

    /** Returns the tries and pauses for the transport. */
    RetryPolicy retries() {
        return new RetryPolicy(tries, pause, longestPause, JITTER);
    }

    /** Sets the timeout for connections. */
    public ClientOptions connectingWithin(Duration timeout) {
        return new ClientOptions(timeout, call, tries, pause, longestPause);
    }

    /** Sets the timeout for answers. */
    public ClientOptions answeringWithin(Duration timeout) {
        return new ClientOptions(connect, timeout, tries, pause, longestPause);
    }

    /** Sets the maximum number of tries. */
    public ClientOptions trying(int times) {
        return new ClientOptions(connect, call, times, pause, longestPause);
    }

    /** Sets the first and the longest pause between tries. */
    public ClientOptions pausing(Duration first, Duration longest) {
        return new ClientOptions(connect, call, tries, first, longest);
    }
}
