package io.memos4j.core.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rolls items back to an earlier state by adding one version to each. Works inside the caller's transaction.
 * Thread-safe.
 *
 * <p>A rollback has an instant of its own, so that a rollback to the instant before undoes it and nothing else.
 */
public final class RollbackExecutor {
    /** The items compared at a time. */
    private static final int BATCH = 500;

    private final InputParser parser;
    private final MonotonicClock clock;

    public RollbackExecutor(InputParser parser, MonotonicClock clock) {
        this.parser = parser;
        this.clock = clock;
    }

    /** One rollback of a cube, between two instants. */
    private record Step(VaultWriter writer, CubeKey cube, Instant to, Instant now) {
        Map<ItemId, MemoryItem> formerItems(List<ItemId> ids) {
            Map<ItemId, MemoryItem> then = new HashMap<>();
            writer.history().items(cube, ids, Filter.ALL, to).forEach(item -> then.put(item.id(), item));
            return then;
        }

        Map<ItemId, SupersessionRecord> currentSuccessions(List<ItemId> ids) {
            return byFormer(writer.supersessions(cube, ids));
        }

        Map<ItemId, SupersessionRecord> formerSuccessions(List<ItemId> ids) {
            return byFormer(writer.history().supersessions(cube, ids, to));
        }

        private static Map<ItemId, SupersessionRecord> byFormer(Collection<SupersessionRecord> successions) {
            Map<ItemId, SupersessionRecord> byFormer = new HashMap<>();
            successions.forEach(each -> byFormer.put(each.former(), each));
            return byFormer;
        }

        boolean exists(ItemId id) {
            return writer.findItem(cube, id).isPresent();
        }
    }

    /**
     * The change of one item from its present to its target state.
     *
     * @param by the succession that holds from now on
     * @param free whether a present succession must be removed
     * @param lost whether its former successor was erased since, so that it is recalled instead
     */
    private record Change(
            MemoryItem now, MemoryItem target, Optional<SupersessionRecord> by, boolean free, boolean lost) {
        static Change of(Step step, MemoryItem now, MemoryItem then, Known known) {
            Optional<SupersessionRecord> by = known.then.filter(each -> step.exists(each.successor()));
            boolean lost = known.then.isPresent() && by.isEmpty();
            MemoryItem target = lost ? then.next(recalled(then), Optional.empty(), step.now) : then;
            boolean same = by.equals(known.now);
            return new Change(now, target, same ? Optional.empty() : by, !same && by.isEmpty(), lost);
        }

        boolean isEmpty() {
            return now.hasSameContent(target) && by.isEmpty() && !free;
        }

        private static ItemState recalled(MemoryItem item) {
            if (item.authorship().isSuspected()) {
                return ItemState.GENERATED;
            }
            ItemState state = item.state();
            return state == ItemState.FROZEN || state == ItemState.GENERATED ? state : ItemState.ACTIVATED;
        }
    }

    /** The present succession of an item and that of the target state. */
    private record Known(Optional<SupersessionRecord> now, Optional<SupersessionRecord> then) {}

    /** Rolls back the whole cube. */
    public RollbackResult rollbackCube(VaultWriter writer, CubeKey cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.uniqueInstant());
        List<ItemId> restored = new ArrayList<>();
        List<ItemId> archived = new ArrayList<>();
        List<ItemId> frozen = new ArrayList<>();
        long after = 0;
        List<InsertedItem> batch = writer.history().changedSince(cube, to, after, BATCH);
        while (!batch.isEmpty()) {
            List<ItemId> ids = batch.stream().map(each -> each.item().id()).toList();
            Map<ItemId, MemoryItem> then = step.formerItems(ids);
            Map<ItemId, SupersessionRecord> nowBy = step.currentSuccessions(ids);
            Map<ItemId, SupersessionRecord> thenBy = step.formerSuccessions(ids);
            for (InsertedItem inserted : batch) {
                MemoryItem item = inserted.item();
                ItemId id = item.id();
                Known known = new Known(Optional.ofNullable(nowBy.get(id)), Optional.ofNullable(thenBy.get(id)));
                Optional<Change> change =
                        Optional.ofNullable(then.get(id)).map(former -> Change.of(step, item, former, known));
                if (change.filter(Change::isEmpty).isPresent() || change.isEmpty() && isInactive(item)) {
                    continue;
                }
                if (item.state() == ItemState.FROZEN) {
                    frozen.add(id);
                } else if (change.isPresent()) {
                    restored.add(restore(step, change.get()).id());
                } else {
                    archive(step, item);
                    archived.add(id);
                }
            }
            after = batch.getLast().ordinal();
            batch = writer.history().changedSince(cube, to, after, BATCH);
        }
        return new RollbackResult(to, step.now.minusMillis(1), restored, archived, frozen);
    }

    /** Rolls back one item, which must not be frozen. */
    public MemoryItem rollbackItem(VaultWriter writer, MemoryItem item, CubeKey cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.uniqueInstant());
        List<ItemId> id = List.of(item.id());
        MemoryItem then = Optional.ofNullable(step.formerItems(id).get(item.id()))
                .orElseThrow(() -> MemoryException.invalid("Item " + item.id() + " was recorded at "
                        + item.times().recordedAt() + ", after " + to
                        + ". Choose a later time, or archive it to have it recalled no more."));
        Known known = new Known(
                Optional.ofNullable(step.currentSuccessions(id).get(item.id())),
                Optional.ofNullable(step.formerSuccessions(id).get(item.id())));
        Change change = Change.of(step, item, then, known);
        return change.isEmpty() ? item : restore(step, change);
    }

    private static boolean isInactive(MemoryItem item) {
        return switch (item.state()) {
            case ARCHIVED, MERGED, EXPIRED, FORGOTTEN -> true;
            case GENERATED, ACTIVATED, FROZEN -> false;
        };
    }

    private void archive(Step step, MemoryItem item) {
        MemoryItem next = item.next(ItemState.ARCHIVED, item.times().validTo(), step.now);
        step.writer.replace(step.cube, parser.revise(next, cause(step)).because(ChangeReason.BY_CALLER));
    }

    private MemoryItem restore(Step step, Change change) {
        MemoryItem next = change.now.next(change.target, step.now);
        String cause = cause(step) + (change.lost ? "; its successor was erased" : "");
        step.writer.replace(step.cube, parser.revise(next, cause).because(ChangeReason.BY_CALLER));
        change.by.ifPresent(by -> step.writer.recordSupersession(step.cube, by));
        if (change.free) {
            step.writer.removeSupersession(step.cube, next.id());
        }
        return next;
    }

    private static String cause(Step step) {
        return "rolled back to " + step.to;
    }
}
