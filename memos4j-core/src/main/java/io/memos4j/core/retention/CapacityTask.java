package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.history.StateTransitions.Move;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Archives the coldest items of a cube that recalls more than its capacity, but none stored within the last hour, so
 * that a conversation does not lose its beginning while it goes on. Of equally cold items, the oldest go first.
 */
public final class CapacityTask implements TaskHandler {
    private static final Duration NEW = Duration.ofHours(1);

    /** The items per run. */
    private static final int BATCH_SIZE = 5_000;

    private final Vault vault;
    private final MonotonicClock clock;

    public CapacityTask(Vault vault, MonotonicClock clock) {
        this.vault = vault;
        this.clock = clock;
    }

    private record Warm(ItemId item, double heat, Instant occurredAt) {
        static final Comparator<Warm> COLDEST_FIRST = Comparator.comparingDouble(Warm::heat)
                .thenComparing(Warm::occurredAt)
                .thenComparing(Warm::item);
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeKey cube = run.cube().key();
        RetentionPolicy policy = vault.read(reader -> reader.usage().policy(cube));
        long excess = vault.read(reader -> reader.usage().countRecalled(cube)) - policy.capacity();
        if (excess <= 0) {
            return TaskOutcome.done("within the capacity");
        }
        Instant time = clock.present();
        List<ItemId> coldest = coldest(run, policy, (int) Math.min(BATCH_SIZE, excess), time);
        String cause = "the coldest beyond a capacity of " + policy.capacity();
        Move move = new Move(ItemState.ARCHIVED, cause, ChangeReason.of(ChangeReason.CAPACITY, 1), clock.instant());
        long archived = ColdItemArchiver.archive(run, coldest, move);
        String note = archived + " of " + excess + " items beyond the capacity archived";
        if (archived == excess) {
            return TaskOutcome.done(note);
        }
        return coldest.size() == BATCH_SIZE ? TaskOutcome.more(note) : TaskOutcome.wait(time.plus(NEW), note);
    }

    private List<ItemId> coldest(TaskRun run, RetentionPolicy policy, int count, Instant time) {
        HeatCurve curve = HeatCurve.of(policy);
        Instant old = time.minus(NEW);
        Predicate<Instant> isNew = at -> !at.isBefore(old) && !at.isAfter(time);
        PriorityQueue<Warm> kept = new PriorityQueue<>(Warm.COLDEST_FIRST.reversed());
        ColdItemArchiver.forEachAging(vault, run, aging -> {
            if (ColdItemArchiver.mayArchive(aging) && !isNew.test(aging.recordedAt())) {
                kept.add(new Warm(aging.item(), curve.heatAt(aging, time), aging.occurredAt()));
                if (kept.size() > count) {
                    kept.remove();
                }
            }
        });
        List<Warm> sorted = new ArrayList<>(kept);
        sorted.sort(Warm.COLDEST_FIRST);
        return sorted.stream().map(Warm::item).toList();
    }
}
