package io.memos4j.client;

import java.util.List;
import java.util.Optional;

/**
 * What an add has stored.
 *
 * @param items in the order of what was given
 * @param replayed whether this answer was given before, to a call with the same idempotency key
 * @param complete whether everything that follows was done as well, if the call waited for it
 * @param tasks what is still to be done in the cube
 */
public record AddResult(
        List<Item> items,
        List<SearchResult.Warning> warnings,
        boolean replayed,
        Optional<Boolean> complete,
        List<TaskStatus> tasks) {
    /**
     * What became of one input.
     *
     * @param input which, from 0
     * @param outcome {@code added}, {@code duplicate}, {@code echo}, {@code heeded} or {@code withheld}
     */
    public record Item(int input, String id, String outcome) {}

    /** The ids in the order of what was given. */
    public List<String> ids() {
        return items.stream().map(Item::id).toList();
    }
}
