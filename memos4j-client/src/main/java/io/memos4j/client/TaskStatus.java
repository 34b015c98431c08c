package io.memos4j.client;

import java.time.Instant;
import java.util.Set;

/**
 * Background work.
 *
 * @param kind {@code embed}, {@code extract}, {@code summarize} …
 * @param state {@code scheduled}, {@code ready}, {@code running}, {@code done}, {@code dead} or {@code cancelled}
 * @param attempts how often it was begun
 * @param done steps of {@code total}
 * @param note what it did, or why it failed
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

    /** Whether it will not go on by itself. */
    public boolean ended() {
        return ENDED.contains(state);
    }
}
