package io.memos4j.trainer.external;

import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpEndpoints;
import java.net.URI;
import java.time.Duration;

/**
 * Address and limits of a sidecar that trains. The text of this record does not show the key.
 *
 * @param label describes the trainer, with its version; it is recorded
 * @param server the address before {@code /v1/adapters}, for example {@code http://localhost:9000}
 * @param apiKey sent as a bearer token; empty if the sidecar asks for none
 * @param base the sidecar's name for the base; empty for the path that it has here
 * @param poll the interval between polls of the state; 2 seconds by default
 * @param timeout the longest wait for an answer, or for the next bytes of a file; a minute by default
 * @param timeLimit after which a training is abandoned; 12 hours by default
 */
public record HttpTrainerOptions(
        String label, URI server, String apiKey, String base, Duration poll, Duration timeout, Duration timeLimit) {
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    public HttpTrainerOptions {
        label = TrainerOptionChecks.label(label);
        HttpEndpoints.requireBase(server, "a sidecar", MemoryException::invalid);
        apiKey = HttpEndpoints.requireKey(apiKey, "a sidecar", MemoryException::invalid);
        TrainerOptionChecks.require("poll", poll, LONGEST_WAIT);
        TrainerOptionChecks.require("timeout", timeout, LONGEST_WAIT);
        TrainerOptionChecks.require("timeLimit", timeLimit, CommandTrainerOptions.LONGEST);
    }

    /** Creates options with the defaults. */
    public static HttpTrainerOptions of(String label, URI server) {
        return new HttpTrainerOptions(
                label, server, "", "", Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofHours(12));
    }

    public HttpTrainerOptions apiKey(String newApiKey) {
        return new HttpTrainerOptions(label, server, newApiKey, base, poll, timeout, timeLimit);
    }

    public HttpTrainerOptions base(String newBase) {
        return new HttpTrainerOptions(label, server, apiKey, newBase, poll, timeout, timeLimit);
    }

    public HttpTrainerOptions poll(Duration newPoll) {
        return new HttpTrainerOptions(label, server, apiKey, base, newPoll, timeout, timeLimit);
    }

    public HttpTrainerOptions timeout(Duration newTimeout) {
        return new HttpTrainerOptions(label, server, apiKey, base, poll, newTimeout, timeLimit);
    }

    public HttpTrainerOptions timeLimit(Duration newTimeLimit) {
        return new HttpTrainerOptions(label, server, apiKey, base, poll, timeout, newTimeLimit);
    }

    @Override
    public String toString() {
        return "HttpTrainerOptions[label=" + label + ", server=" + server + ", base=" + base + ", poll=" + poll
                + ", timeout=" + timeout + ", timeLimit=" + timeLimit + "]";
    }
}
