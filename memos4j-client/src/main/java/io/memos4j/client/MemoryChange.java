package io.memos4j.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of a memory, with its reason.
 *
 * @param id the ID of the change, for {@link CubeClient#undo}
 * @param item the ID of the memory
 * @param kind for example {@code superseded}, {@code forgotten} or {@code edited}
 * @param former the memory before
 * @param current the memory after
 * @param rule the rule that decided it, for example {@code same-attribute}; empty where none was recorded
 * @param confidence 0 to 1, where it was recorded
 * @param cause why, in words
 * @param actor the principal or task that made it
 * @param evidence the memories that led to it
 * @param undoable true if it can be undone now
 * @param obstacle why it cannot be undone
 */
public record MemoryChange(
        String id,
        String item,
        Instant recorded,
        String kind,
        Side former,
        Side current,
        String rule,
        Optional<Double> confidence,
        String cause,
        String actor,
        List<Evidence> evidence,
        boolean undoable,
        Optional<String> obstacle) {
    /**
     * A memory before or after a change.
     *
     * @param text the beginning of its text; empty while it is withheld
     */
    public record Side(String state, String text) {}

    /** A memory that led to a change. */
    public record Evidence(String id, String text) {}
}
