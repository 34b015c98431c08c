package io.memos4j.client;

import java.time.Instant;
import java.util.Set;

/**
 * A background task.
 *
 * @param kind {@code embed}, {@code extract}, {@code summarize} …
 * @param state {@code scheduled}, {@code ready}, {@code running}, {@code done}, {@code dead} or {@code cancelled}
 * @param attempts the number of times it was started
 * @param done the number of finished steps, of {@code total}
 * @param note its result, or the reason of its failure
 */
public record TaskStatus(
        String id,
        String cube,
        String kind,
        String state,
        int attempts,
        long done,
        long total,
        String note,
        Instant created,
        Instant changed) {
    private static final Set<String> ENDED = Set.of("done", "dead", "cancelled");

    /** Returns true if it will not run again by itself. */
    public boolean ended() {
        return ENDED.contains(state);
    }
}
