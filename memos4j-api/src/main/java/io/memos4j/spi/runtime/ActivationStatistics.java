package io.memos4j.spi.runtime;

import java.time.Duration;

/**
 * Counters of a runtime since it was opened, and its current load.
 *
 * @param prefilled tokens that were computed for a prefix
 * @param restored tokens that came from files instead
 * @param reused tokens that forks share instead
 * @param generated tokens that were generated
 * @param generations calls of {@link ActivationHandle#generate} that gave at least one token
 * @param timeToFirstToken of all of these together, from the call to the first token
 * @param handles that are open
 * @param contextTokens that are occupied
 */
public record ActivationStatistics(
        long prefilled,
        long restored,
        long reused,
        long generated,
        long generations,
        Duration timeToFirstToken,
        int handles,
        int contextTokens) {}
