package io.memos4j.core.lifecycle;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Rollback;
import io.memos4j.api.Succession;
import io.memos4j.core.reader.InputReader;
import io.memos4j.spi.CubeKey;
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
    private record Step(VaultWriter writer, CubeKey cube, Instant to, Instant now) {
        Map<ItemId, MemoryItem> then(List<ItemId> ids) {
            Map<ItemId, MemoryItem> then = new HashMap<>();
            writer.past().items(cube, ids, Filter.ALL, to).forEach(item -> then.put(item.id(), item));
            return then;
        }

        Map<ItemId, Succession> nowBy(List<ItemId> ids) {
            return byFormer(writer.successions(cube, ids));
        }

        Map<ItemId, Succession> thenBy(List<ItemId> ids) {
            return byFormer(writer.past().successions(cube, ids, to));
        }

        private static Map<ItemId, Succession> byFormer(Collection<Succession> successions) {
            Map<ItemId, Succession> byFormer = new HashMap<>();
            successions.forEach(each -> byFormer.put(each.former(), each));
            return byFormer;
        }

        boolean isThere(ItemId id) {
            return !writer.items(cube, List.of(id)).isEmpty();
        }
    }

    /**
     * An item as it is and as it shall be.
     *
     * @param by what takes its place from now on
     * @param free whether something has its place that shall not have it
     * @param lost whether it would have given way to an item that was erased since, and holds instead
     */
    private record Change(MemoryItem now, MemoryItem target, Optional<Succession> by, boolean free, boolean lost) {
        static Change of(Step step, MemoryItem now, MemoryItem then, Known known) {
            Optional<Succession> by = known.then.filter(each -> step.isThere(each.successor()));
            boolean lost = known.then.isPresent() && by.isEmpty();
            MemoryItem target = lost ? then.next(recalled(then.state()), Optional.empty(), step.now) : then;
            boolean same = by.equals(known.now);
            return new Change(now, target, same ? Optional.empty() : by, !same && by.isEmpty(), lost);
        }

        boolean isNone() {
            return now.sameContent(target) && by.isEmpty() && !free;
        }

        private static ItemState recalled(ItemState state) {
            return state == ItemState.FROZEN || state == ItemState.GENERATED ? state : ItemState.ACTIVATED;
        }
    }

    /** What takes an item's place, and what took it then. */
    private record Known(Optional<Succession> now, Optional<Succession> then) {}

    /** Rolls the whole cube back. */
    public Rollback cube(VaultWriter writer, CubeKey cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.single());
        List<ItemId> restored = new ArrayList<>();
        List<ItemId> archived = new ArrayList<>();
        List<ItemId> frozen = new ArrayList<>();
        long after = 0;
        List<Inserted> batch = writer.past().changed(cube, to, after, BATCH);
        while (!batch.isEmpty()) {
            List<ItemId> ids = batch.stream().map(each -> each.item().id()).toList();
            Map<ItemId, MemoryItem> then = step.then(ids);
            Map<ItemId, Succession> nowBy = step.nowBy(ids);
            Map<ItemId, Succession> thenBy = step.thenBy(ids);
            for (Inserted inserted : batch) {
                MemoryItem item = inserted.item();
                ItemId id = item.id();
                Known known = new Known(Optional.ofNullable(nowBy.get(id)), Optional.ofNullable(thenBy.get(id)));
                Optional<Change> change =
                        Optional.ofNullable(then.get(id)).map(former -> Change.of(step, item, former, known));
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
    public MemoryItem item(VaultWriter writer, MemoryItem item, CubeKey cube, Instant to) {
        Step step = new Step(writer, cube, to, clock.single());
        List<ItemId> id = List.of(item.id());
        MemoryItem then = Optional.ofNullable(step.then(id).get(item.id()))
                .orElseThrow(() -> MemoryException.invalid("Item " + item.id() + " was recorded at "
                        + item.times().recordedAt() + ", after " + to
                        + ". Choose a later time, or archive it to have it recalled no more."));
        Known known = new Known(
                Optional.ofNullable(step.nowBy(id).get(item.id())),
                Optional.ofNullable(step.thenBy(id).get(item.id())));
        Change change = Change.of(step, item, then, known);
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
        MemoryItem next = change.now.next(change.target, step.now);
        String cause = cause(step) + (change.lost ? "; its successor was erased" : "");
        step.writer.replace(step.cube, reader.revise(next, cause));
        change.by.ifPresent(by -> step.writer.succeed(step.cube, by));
        if (change.free) {
            step.writer.unsucceed(step.cube, next.id());
        }
        return next;
    }

    private static String cause(Step step) {
        return "rolled back to " + step.to;
    }
}
