package io.memos4j.api.history;

import io.memos4j.api.Actor;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One change of an item, with its reason. Texts are the beginnings of what the versions say, at most
 * {@value #MAX_EXCERPT} UTF-16 units.
 *
 * @param id its identity, to undo it by
 * @param recordedAt when it was recorded
 * @param type the type of the item
 * @param former the item before
 * @param current the item after
 * @param kind the kind of change
 * @param rule the rule that decided it, for example {@code same-attribute}, {@code model:NAME} or {@code user:NAME};
 *     empty for changes recorded by earlier versions, which have their cause only
 * @param confidence 0 to 1; empty where none was recorded
 * @param cause why, in words
 * @param actor who made it
 * @param evidence the memories that led to it: a successor, a request
 * @param obstacle why it cannot be undone now; empty if it can
 */
public record ChangeRecord(
        ChangeId id,
        Instant recordedAt,
        ItemType type,
        Side former,
        Side current,
        ChangeKind kind,
        String rule,
        Optional<Double> confidence,
        String cause,
        Actor actor,
        List<Evidence> evidence,
        Optional<String> obstacle) {
    /** Longest excerpt, in UTF-16 units. */
    public static final int MAX_EXCERPT = 160;

    public ChangeRecord {
        evidence = List.copyOf(evidence);
    }

    /** The item that was changed. */
    public ItemId item() {
        return id.item();
    }

    /** Returns true if it can be undone now. */
    public boolean undoable() {
        return obstacle.isEmpty();
    }

    /** An item before or after a change. */
    public record Side(ItemState state, String text) {}

    /**
     * A memory that led to a change.
     *
     * @param text the beginning of its text; empty if it is gone or withheld
     */
    public record Evidence(ItemId id, String text) {}
}
