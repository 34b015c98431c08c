package io.memos4j.http;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Pauses between tries, with a clock and with chance that the test sets. */
class HttpRetrierTest {
    private static final RetryPolicy POLICY = new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(10), 0.5);
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final Queue<IOException> failures = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private int tries;

    private String call(RetryPolicy policy, double chance) throws IOException, InterruptedException {
        HttpRetrier retrier = new HttpRetrier(policy, pauses::add, () -> chance, InstantSource.fixed(NOW));
        return retrier.call(
                () -> {
                    tries++;
                    if (!failures.isEmpty()) {
                        throw failures.remove();
                    }
                    return "done";
                },
                failure -> failure.kind().retryable());
    }

    private void fail(int status, String retryAfter, int times) {
        for (int i = 0; i < times; i++) {
            failures.add(new HttpCallException(status, "", retryAfter));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 200, 400, 800", "1, 100, 200, 400", "0.5, 150, 300, 600"})
    void pausesDoubleAndChanceTakesUpToHalfAway(double chance, int first, int second, int third) throws Exception {
        fail(503, "", 3);
        assertThat(call(POLICY, chance)).isEqualTo("done");
        assertThat(pauses)
                .containsExactly(Duration.ofMillis(first), Duration.ofMillis(second), Duration.ofMillis(third));
    }

    @Test
    void aPauseIsNoLongerThanTheLongest() {
        assertThat(POLICY.pauseAfter(30, 0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(POLICY.withoutJitter().pauseAfter(1, 1)).isEqualTo(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "Fri, 01 May 2026 12:00:03 GMT"})
    void theServerSaysHowLongToWait(String retryAfter) throws Exception {
        fail(429, retryAfter, 1);
        call(POLICY, 0);
        assertThat(pauses).containsExactly(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "soon", "1e3", "Fri, 01 May 2026 11:59:00 GMT"})
    void aServerThatAsksForNothingGetsTheOrdinaryPause(String retryAfter) throws Exception {
        fail(429, retryAfter, 1);
        call(POLICY, 0);
        assertThat(pauses).containsExactly(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "Fri, 01 May 2026 12:00:11 GMT"})
    void aServerThatAsksForTooLongIsNotWaitedFor(String retryAfter) {
        fail(429, retryAfter, 1);
        assertThatThrownBy(() -> call(POLICY, 0)).hasMessage("HTTP 429");
        assertThat(pauses).isEmpty();
    }

    @Test
    void triesComeToAnEndAndTheLastFailureIsThrown() {
        fail(503, "", 3);
        failures.add(HttpCallException.of(new ConnectException("refused")));
        assertThatThrownBy(() -> call(POLICY, 0))
                .isInstanceOfSatisfying(
                        HttpCallException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(HttpFailureKind.NOT_CONNECTED));
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void otherFailuresAreNotTriedAgain() {
        fail(400, "", 1);
        assertThatThrownBy(() -> call(POLICY, 0)).hasMessage("HTTP 400");
        failures.add(new IOException("disk full"));
        assertThatThrownBy(() -> call(POLICY, 0)).hasMessage("disk full");
        assertThat(tries).isEqualTo(2);
    }

    @Test
    void aPolicyWithoutPausesDoesNotSleep() throws Exception {
        fail(500, "", 1);
        call(new RetryPolicy(2, Duration.ZERO, Duration.ZERO, 0), 0);
        assertThat(pauses).isEmpty();
    }

    @Test
    void boundsOfAPolicyAreChecked() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofMillis(-1), Duration.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ZERO, Duration.ZERO, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
