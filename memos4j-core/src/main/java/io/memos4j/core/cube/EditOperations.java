package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.clock.TimeBounds;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Optional;

/** Changes single items as a caller asks. Every change is a new version and can be undone. Thread-safe. */
public final class EditOperations {
    private final InputParser parser;
    private final Supersession supersession;
    private final UndoOperation undo;
    private final TaskTriggers triggers;
    private final TrustPolicy trust;
    private final MonotonicClock clock;

    public EditOperations(
            InputParser parser,
            Supersession supersession,
            TaskTriggers triggers,
            TrustPolicy trust,
            MonotonicClock clock) {
        this.parser = parser;
        this.supersession = supersession;
        this.undo = new UndoOperation(parser, triggers, trust, clock);
        this.triggers = triggers;
        this.trust = trust;
        this.clock = clock;
    }

    MemoryItem update(CubeHandle cube, ItemId item, ItemEdit edit) {
        TrustPolicy by = trust.forCaller();
        return cube.change(writer -> {
            MemoryItem current = cube.requireItem(writer, item);
            requireAllowed(current, edit);
            MemoryItem applied = by.release(current, by.rewrite(current, edit.applyTo(current, clock.instant())));
            boolean reworded = !applied.text().equals(current.text())
                    || !applied.authorship().equals(current.authorship());
            MemoryItem edited = labeled(cube.require(writer).privacy(), applied, current, edit);
            StoredItem next = parser.revise(reworded ? InputParser.withStanding(edited) : edited, "update")
                    .because(ChangeReason.BY_CALLER);
            if (current.hasSameContent(next.item())) {
                return current;
            }
            writer.replace(cube.key(), next);
            triggers.onEdit(writer, cube.key());
            return next.item();
        });
    }

    /** Reads the label of a changed text again. A label that is edited alone is final. */
    private MemoryItem labeled(PrivacyPolicy privacy, MemoryItem edited, MemoryItem current, ItemEdit edit) {
        boolean rewritten = !edited.text().equals(current.text())
                || !edited.title().equals(current.title())
                || !edited.tags().equals(current.tags())
                || !edited.metadata().equals(current.metadata());
        MemoryItem labeled =
                rewritten ? SensitivityLabeler.label(edited, edited.label().given()) : edited;
        if (labeled.label().equals(current.label()) && !rewritten) {
            return labeled;
        }
        SensitivityLabeler.requireAllowed(labeled, privacy, "The edited item");
        return edit.expiresAt().isPresent() || labeled.label().equals(current.label())
                ? labeled
                : SensitivityLabeler.expiry(labeled, privacy, clock.instant())
                        .filter(end ->
                                labeled.times().expiresAt().filter(end::isAfter).isEmpty())
                        .map(end -> labeled.expiring(Optional.of(end)))
                        .orElse(labeled);
    }

    UndoResult undo(CubeHandle cube, ChangeId change) {
        return undo.undo(cube, change);
    }

    private static void requireAllowed(MemoryItem current, ItemEdit edit) {
        edit.expectedVersion().filter(expected -> expected != current.version()).ifPresent(expected -> {
            throw new MemoryException(
                    ErrorCode.VERSION_CONFLICT,
                    "Item " + current.id() + " is at version " + current.version() + ", not " + expected
                            + ". Read it again and repeat the change.");
        });
        if (edit.state().isEmpty() || current.state() == ItemState.FORGOTTEN) {
            CubeHandle.requireChangeable(current);
        }
        edit.state().ifPresent(to -> StateTransitions.require(current, to, StateTransitions.Trigger.EDIT));
        edit.expiresAt().filter(at -> !at.equals(ItemEdit.NEVER)).ifPresent(EditOperations::requireInRange);
        edit.validTo().ifPresent(EditOperations::requireInRange);
    }

    private static void requireInRange(Instant end) {
        if (!TimeBounds.contains(end)) {
            throw MemoryException.invalid("The end " + end + " is not in the years 1 to 9999.");
        }
    }

    MemoryItem supersede(CubeHandle cube, ItemId former, ItemId successor, String reason) {
        return supersede(cube, former, new Successor(successor, reason, ChangeReason.BY_CALLER));
    }

    /** The item that takes the place of another, and the reason. */
    record Successor(ItemId item, String words, ChangeReason reason) {}

    MemoryItem supersede(CubeHandle cube, ItemId former, Successor successor) {
        return cube.change(writer -> {
            MemoryItem old = cube.requireChangeable(writer, former);
            MemoryItem by = cube.requireItem(writer, successor.item);
            if (former.equals(successor.item)) {
                throw MemoryException.invalid("Item " + former + " cannot supersede itself.");
            }
            SupersessionRecord succession = new SupersessionRecord(
                    former, successor.item, successor.words, by.times().occurredAt());
            return supersession.retire(writer, cube.key(), old, succession, successor.reason);
        });
    }

    MemoryItem reinstate(CubeHandle cube, ItemId item) {
        TrustPolicy by = trust.forCaller();
        return cube.change(writer -> {
            MemoryItem former = cube.requireItem(writer, item);
            if (former.state() == ItemState.FORGOTTEN) {
                return undo.remember(writer, cube.key(), former);
            }
            CubeHandle.requireChangeable(former);
            boolean retired = former.times().validTo().isPresent()
                    || !former.state().isRecalled()
                    || former.isExpiredAt(clock.present());
            return retired ? reinstate(writer, cube, former, by) : former;
        });
    }

    private MemoryItem reinstate(VaultWriter writer, CubeHandle cube, MemoryItem former, TrustPolicy by) {
        if (!former.authorship().isSuspected()) {
            return supersession.reinstate(writer, cube.key(), former);
        }
        MemoryItem released = InputParser.withStanding(
                by.release(former, former.next(ItemState.ACTIVATED, Optional.empty(), clock.instant())));
        writer.replace(cube.key(), parser.revise(released, "released").because(ChangeReason.BY_CALLER));
        writer.removeSupersession(cube.key(), former.id());
        triggers.onEdit(writer, cube.key());
        return released;
    }

    MemoryItem restore(CubeHandle cube, ItemId item, int version) {
        TrustPolicy by = trust.forCaller();
        return cube.change(writer -> {
            MemoryItem current = cube.requireChangeable(writer, item);
            MemoryItem then = writer.versions(cube.key(), item).stream()
                    .map(ItemVersion::item)
                    .filter(each -> each.version() == version)
                    .findFirst()
                    .orElseThrow(() -> MemoryException.invalid("Item " + item + " has no version " + version
                            + "; it has 1 to " + current.version() + "."));
            Instant now = clock.instant();
            MemoryItem restored = by.release(current, current.next(then, now))
                    .expiring(then.times().expiresAt().filter(clock.present()::isBefore));
            writer.replace(
                    cube.key(),
                    parser.revise(restored, "restored version " + version).because(ChangeReason.BY_CALLER));
            triggers.onTextChange(writer, cube.key(), "restore");
            if (then.times().validTo().isEmpty()) {
                writer.removeSupersession(cube.key(), item);
            }
            return restored;
        });
    }
}
