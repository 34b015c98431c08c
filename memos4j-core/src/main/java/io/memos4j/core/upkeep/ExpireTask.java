package io.memos4j.core.upkeep;

import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.core.lifecycle.Transitions;
import io.memos4j.core.lifecycle.Transitions.Move;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Expires what is past its time to live, then waits for the next end. Searches have left those items out since their time ended; this only
 * writes it down. What an expired item had replaced stays replaced.
 */
public final class ExpireTask implements TaskHandler {
    /** Items a commit: some milliseconds of the writer's time. */
    static final int SLICE = 500;

    private final Supplier<Instant> now;

    public ExpireTask(Supplier<Instant> now) {
        this.now = now;
    }

    @Override
    public Outcome run(TaskRun run) {
        CubeKey cube = run.cube().key();
        Slice slice = run.commit(writer -> expire(writer, cube));
        String note = slice.expired + " items expired";
        if (slice.expired == SLICE) {
            return Outcome.more(note, writer -> {});
        }
        return slice.next.isEmpty() ? Outcome.done(note) : Outcome.wait(slice.next.getFirst(), note);
    }

    private record Slice(int expired, List<Instant> next) {}

    private Slice expire(VaultWriter writer, CubeKey cube) {
        Instant time = now.get();
        List<ItemId> due = writer.usage().due(cube, time, SLICE);
        Move move = new Move(ItemState.EXPIRED, "time to live ended", time);
        writer.items(cube, due).forEach(item -> Transitions.move(writer, cube, item, move));
        return new Slice(due.size(), writer.usage().nextExpiry(cube).stream().toList());
    }
}
