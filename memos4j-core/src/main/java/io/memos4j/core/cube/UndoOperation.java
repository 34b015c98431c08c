package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Undoes single changes by new versions. Thread-safe.
 *
 * <p>A change can be undone while the item is as the change left it. What was changed and changed back since does not
 * stand in the way, so that several changes are undone last one first, and an undoing is undone like any change.
 */
public final class UndoOperation {
    private final InputParser parser;
    private final TaskTriggers triggers;
    private final TrustPolicy trust;
    private final MonotonicClock clock;

    public UndoOperation(InputParser parser, TaskTriggers triggers, TrustPolicy trust, MonotonicClock clock) {
        this.parser = parser;
        this.triggers = triggers;
        this.trust = trust;
        this.clock = clock;
    }

    UndoResult undo(CubeHandle cube, ChangeId change) {
        TrustPolicy by = trust.forCaller();
        return cube.change(writer -> {
            MemoryItem current = cube.requireItem(writer, change.item());
            List<ItemVersion> versions = writer.versions(cube.key(), change.item());
            if (change.version() > versions.size()) {
                throw MemoryException.invalid("There is no change " + change + ": item " + current.id() + " has "
                        + versions.size() + (versions.size() == 1 ? " version." : " versions."));
            }
            if (isUndone(versions, change.version())) {
                return new UndoResult(change, List.of(), true);
            }
            ItemVersion made = versions.get(change.version() - 1);
            requireUnchangedSince(versions, made, change);
            if (change.version() > 1) {
                by.release(current, versions.get(change.version() - 2).item());
            }
            List<MemoryItem> restored = made.item().state() == ItemState.FORGOTTEN
                    ? remember(writer, cube.key(), forgottenWith(writer, cube.key(), made))
                    : List.of(restore(writer, cube.key(), versions, change.version() - 1));
            triggers.onEdit(writer, cube.key());
            return new UndoResult(change, restored, false);
        });
    }

    /** Gives a forgotten item back with the items that were made from it and forgotten at the same request. */
    MemoryItem remember(VaultWriter writer, CubeKey cube, MemoryItem item) {
        List<ItemId> derived = writer.derivedFrom(cube, List.of(item.id()));
        List<ItemId> back = new ArrayList<>(
                forgottenWith(writer, cube, writer.versions(cube, item.id()).getLast()));
        back.removeIf(id -> !id.equals(item.id()) && !derived.contains(id));
        triggers.onEdit(writer, cube);
        return remember(writer, cube, back).stream()
                .filter(each -> each.id().equals(item.id()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what was forgotten at the same request as an item, the item among it. */
    private static List<ItemId> forgottenWith(VaultWriter writer, CubeKey cube, ItemVersion forgotten) {
        ItemId request = forgotten.reason().evidence().orElseThrow();
        return writer.history().forgottenBy(cube, request);
    }

    private List<MemoryItem> remember(VaultWriter writer, CubeKey cube, List<ItemId> forgotten) {
        List<MemoryItem> restored = new ArrayList<>();
        for (ItemId item : forgotten) {
            List<ItemVersion> versions = writer.versions(cube, item);
            restored.add(restore(writer, cube, versions, versions.size() - 1));
        }
        triggers.onAdd(writer, cube, restored);
        return restored;
    }

    private static boolean isUndone(List<ItemVersion> versions, int version) {
        return versions.stream()
                .filter(each -> each.reason().undoes().equals(Optional.of(version)))
                .anyMatch(each -> !isUndone(versions, each.item().version()));
    }

    private static void requireUnchangedSince(List<ItemVersion> versions, ItemVersion made, ChangeId change) {
        ItemVersion current = versions.getLast();
        if (!current.item().hasSameContent(made.item())
                || !current.succession()
                        .map(SupersessionRecord::successor)
                        .equals(made.succession().map(SupersessionRecord::successor))) {
            ChangeId later = new ChangeId(change.item(), current.item().version());
            throw MemoryException.invalid("Change " + change + " cannot be undone: the item was changed again at "
                    + current.recordedAt() + " (" + current.cause() + "). Undo " + later
                    + " first, or restore version " + (change.version() - 1) + ".");
        }
    }

    /**
     * Restores an earlier version.
     *
     * @param versions all versions of the item
     * @param version the one to restore; 0 for a message that was withheld from its first version on, which is kept
     *     without being recalled
     */
    private MemoryItem restore(VaultWriter writer, CubeKey cube, List<ItemVersion> versions, int version) {
        MemoryItem current = versions.getLast().item();
        Instant now = clock.instant();
        if (version == 0) {
            Optional<Instant> expiry =
                    writer.usage().policy(cube).timeToLive().map(current.times().recordedAt()::plus);
            MemoryItem kept =
                    current.next(ItemState.ARCHIVED, Optional.empty(), now).expiring(expiry);
            writer.replace(cube, parser.revise(kept, "request undone").because(ChangeReason.BY_CALLER));
            return kept;
        }
        ItemVersion former = versions.get(version - 1);
        if (former.item().state() == ItemState.FORGOTTEN) {
            throw MemoryException.invalid("That item " + current.id() + " was kept cannot be undone. Delete it.");
        }
        former.succession()
                .map(SupersessionRecord::successor)
                .filter(successor -> writer.findItem(cube, successor).isEmpty())
                .ifPresent(successor -> {
                    throw MemoryException.invalid("Item " + current.id() + " cannot be superseded by " + successor
                            + " again: that item was erased. Archive it instead.");
                });
        MemoryItem restored = current.next(former.item(), now)
                .expiring(former.item().times().expiresAt().filter(clock.present()::isBefore));
        writer.replace(
                cube,
                parser.revise(restored, "undid version " + (version + 1)).because(ChangeReason.undoing(version + 1)));
        former.succession()
                .ifPresentOrElse(
                        succession -> writer.recordSupersession(cube, succession),
                        () -> writer.removeSupersession(cube, current.id()));
        return restored;
    }
}
