package io.memos4j.core.history;

import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Defines the transitions between the states of an item: generated, activated, then merged or archived, then expired.
 * Frozen is a lock that only an edit to activated opens. Every way back leads to activated: from archived by an edit
 * too, from the others only by reinstatement.
 */
public final class StateTransitions {
    /** The trigger of a transition. */
    public enum Trigger {
        /** An edit by the user. */
        EDIT,
        /** A background task: expiry, decay, capacity or merging. */
        TASK,
        /** A reinstatement, or the undoing of a merge. */
        REINSTATEMENT
    }

    private StateTransitions() {}

    /** Tells whether an item may go from one state to another; staying is always allowed. */
    public static boolean isAllowed(ItemState from, ItemState to, Trigger by) {
        return from == to || targetStates(from, by).contains(to);
    }

    private static Set<ItemState> targetStates(ItemState from, Trigger by) {
        return switch (by) {
            case EDIT ->
                switch (from) {
                    case GENERATED -> EnumSet.of(ItemState.ACTIVATED, ItemState.ARCHIVED, ItemState.EXPIRED);
                    case ACTIVATED -> EnumSet.of(ItemState.ARCHIVED, ItemState.EXPIRED, ItemState.FROZEN);
                    case ARCHIVED -> EnumSet.of(ItemState.ACTIVATED, ItemState.EXPIRED);
                    case FROZEN -> EnumSet.of(ItemState.ACTIVATED);
                    case MERGED, EXPIRED, FORGOTTEN -> EnumSet.noneOf(ItemState.class);
                };
            case TASK ->
                switch (from) {
                    case GENERATED -> EnumSet.of(ItemState.ACTIVATED, ItemState.ARCHIVED, ItemState.EXPIRED);
                    case ACTIVATED -> EnumSet.of(ItemState.MERGED, ItemState.ARCHIVED, ItemState.EXPIRED);
                    case ARCHIVED -> EnumSet.of(ItemState.EXPIRED);
                    case FROZEN, MERGED, EXPIRED, FORGOTTEN -> EnumSet.noneOf(ItemState.class);
                };
            case REINSTATEMENT ->
                from == ItemState.FROZEN ? EnumSet.noneOf(ItemState.class) : EnumSet.of(ItemState.ACTIVATED);
        };
    }

    /**
     * Refuses a transition that is not allowed.
     *
     * @throws MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT}
     */
    public static void require(MemoryItem item, ItemState to, Trigger by) {
        if (isAllowed(item.state(), to, by)) {
            return;
        }
        Set<ItemState> ways = targetStates(item.state(), by);
        String advice = ways.isEmpty()
                ? "Reinstate it first."
                : "It can become "
                        + String.join(" or ", ways.stream().map(ItemState::id).toList()) + ".";
        throw MemoryException.invalid(
                "Item " + item.id() + " is " + item.state().id() + " and cannot become " + to.id() + " by "
                        + by.name().toLowerCase(Locale.ROOT) + ". " + advice);
    }

    /**
     * Moves an item for a task by a version with its cause; text, passages, vectors and the end of its validity stay.
     */
    public static MemoryItem move(VaultWriter writer, CubeKey cube, MemoryItem item, Move move) {
        require(item, move.to, Trigger.TASK);
        MemoryItem moved = item.next(move.to, item.times().validTo(), move.at);
        writer.replace(cube, StoredItem.withUnchangedText(moved, move.cause).because(move.reason));
        return moved;
    }

    /** A transition with its cause, reason and time. */
    public record Move(ItemState to, String cause, ChangeReason reason, Instant at) {}
}
