package io.memos4j.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The result of an add.
 *
 * @param items one entry per input, in input order
 * @param forgotten the memories that requests in it asked to forget
 * @param replayed true if this is the answer to an earlier call with the same idempotency key
 * @param complete for a call that waited: true if vectors and extraction were finished in time
 * @param tasks the background tasks that are still to run in the cube
 */
public record AddResult(
        List<Item> items,
        List<Forgotten> forgotten,
        List<SearchResult.Warning> warnings,
        boolean replayed,
        Optional<Boolean> complete,
        List<TaskStatus> tasks) {
    /**
     * The outcome for one input.
     *
     * @param input the position of the input, from 0
     * @param outcome {@code added}, {@code duplicate}, {@code echo}, {@code heeded} or {@code withheld}
     */
    public record Item(int input, String id, String outcome) {}

    /**
     * A memory that is withheld because a message asked to forget it.
     *
     * @param input the position of the message, from 0
     * @param erased when it is erased
     */
    public record Forgotten(int input, String id, Instant erased) {}

    /** Returns the IDs in input order. */
    public List<String> ids() {
        return items.stream().map(Item::id).toList();
    }
}
