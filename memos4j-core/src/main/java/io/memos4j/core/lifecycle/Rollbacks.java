package io.memos4j.core.lifecycle;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Rollback;
import io.memos4j.api.Succession;
import io.memos4j.api.Times;
import io.memos4j.core.reader.InputReader;
import io.memos4j.spi.Inserted;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes items equal to what they were, by one more version each. Works inside the caller's transaction. Thread-safe.
 *
 * <p>A rollback has an instant of its own, so that a rollback to the instant before undoes it and nothing else.
 */
public final class Rollbacks {
    /** Items compared at a time. */
    private static final int BATCH = 500;

    private final InputReader reader;
    private final SteadyClock clock;

    public Rollbacks(InputReader reader, SteadyClock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** Where a rollback works, and between which instants. */
    private record Step(VaultWriter writer, long cube, Instant to, Instant now) {
        Map<ItemId, MemoryItem> then(List<ItemId> ids) {
            Map<ItemId, MemoryItem> then = new HashMap<>();
            writer.past().items(cube, ids, Filter.ALL, to).forEach(item -> then.put(item.id(), item));
            return then;
        }

        /** For each item, the one that took its place. */
        Map<ItemId, Succession> byFormer(Collection<Succession> successions) {
            Map<ItemId, Succession> byFormer = new HashMap<>();
            successions.forEach(each -> byFormer.put(each.former(), each));
            return byFormer;
        }

        boolean isThere(ItemId id) {
            return !writer.items(cube, List.of(id)).isEmpty();
        }
    }

    /** An item as it is and as it was. */
    private record Change(MemoryItem now, MemoryItem then, Optional<Succession> nowBy, Optional<Succession> thenBy) {
        boolean isNone() {
            return now.sameContent(then) && nowBy.equals(thenBy);
        }
    }

    /** Rolls the whole cube back. */
    public Rollback cube(VaultWriter writer, long cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.single());
        List<ItemId> restored = new ArrayList<>();
        List<ItemId> archived = new ArrayList<>();
        List<ItemId> frozen = new ArrayList<>();
        long after = 0;
        List<Inserted> batch = writer.past().changed(cube, to, after, BATCH);
        while (!batch.isEmpty()) {
            List<ItemId> ids = batch.stream().map(each -> each.item().id()).toList();
            Map<ItemId, MemoryItem> then = step.then(ids);
            Map<ItemId, Succession> nowBy = step.byFormer(writer.successions(cube, ids));
            Map<ItemId, Succession> thenBy = step.byFormer(writer.past().successions(cube, ids, to));
            for (Inserted inserted : batch) {
                MemoryItem item = inserted.item();
                ItemId id = item.id();
                Optional<Change> change = Optional.ofNullable(then.get(id))
                        .map(former -> new Change(
                                item, former, Optional.ofNullable(nowBy.get(id)), Optional.ofNullable(thenBy.get(id))));
                if (change.filter(Change::isNone).isPresent() || change.isEmpty() && isAway(item)) {
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
            batch = writer.past().changed(cube, to, after, BATCH);
        }
        return new Rollback(to, step.now.minusMillis(1), restored, archived, frozen);
    }

    /** Rolls one item back, which must not be frozen. */
    public MemoryItem item(VaultWriter writer, MemoryItem item, long cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.single());
        List<ItemId> id = List.of(item.id());
        MemoryItem then = Optional.ofNullable(step.then(id).get(item.id()))
                .orElseThrow(() -> MemoryException.invalid("Item " + item.id() + " was recorded at "
                        + item.times().recordedAt() + ", after " + to
                        + ". Choose a later time, or archive it to have it recalled no more."));
        Change change = new Change(
                item,
                then,
                Optional.ofNullable(step.byFormer(writer.successions(cube, id)).get(item.id())),
                Optional.ofNullable(
                        step.byFormer(writer.past().successions(cube, id, to)).get(item.id())));
        return change.isNone() ? item : restore(step, change);
    }

    private static boolean isAway(MemoryItem item) {
        return switch (item.state()) {
            case ARCHIVED, MERGED, EXPIRED -> true;
            case GENERATED, ACTIVATED, FROZEN -> false;
        };
    }

    private void archive(Step step, MemoryItem item) {
        MemoryItem next = item.next(ItemState.ARCHIVED, item.times().validTo(), step.now);
        step.writer.replace(step.cube, reader.revise(next, cause(step)));
    }

    private MemoryItem restore(Step step, Change change) {
        Optional<Succession> by = change.thenBy.filter(each -> step.isThere(each.successor()));
        boolean lost = change.thenBy.isPresent() && by.isEmpty();
        MemoryItem next = lost
                ? next(change, step.now, recalled(change.then.state()), Optional.empty())
                : next(
                        change,
                        step.now,
                        change.then.state(),
                        change.then.times().validTo());
        String cause = cause(step) + (lost ? "; its successor was erased" : "");
        step.writer.replace(step.cube, reader.revise(next, cause));
        if (by.isPresent()) {
            step.writer.succeed(step.cube, by.get());
        } else if (change.nowBy.isPresent()) {
            step.writer.unsucceed(step.cube, next.id());
        }
        return next;
    }

    private static ItemState recalled(ItemState state) {
        return state == ItemState.FROZEN || state == ItemState.GENERATED ? state : ItemState.ACTIVATED;
    }

    private static MemoryItem next(Change change, Instant now, ItemState state, Optional<Instant> validTo) {
        MemoryItem then = change.then;
        Times times = new Times(
                then.times().occurredAt(),
                then.times().recordedAt(),
                now,
                then.times().validFrom(),
                validTo,
                then.times().expiresAt());
        return new MemoryItem(
                then.cube(),
                then.id(),
                change.now.version() + 1,
                then.type(),
                state,
                then.text(),
                then.title(),
                then.origin(),
                times,
                then.tags(),
                then.metadata());
    }

    private static String cause(Step step) {
        return "rolled back to " + step.to;
    }
}
