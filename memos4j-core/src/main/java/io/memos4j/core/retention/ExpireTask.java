package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.core.history.StateTransitions.Move;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Expires items past their time to live, and erases forgotten ones, then waits for the next end. Searches leave such
 * items out already; this task records it. Items that an expired one has superseded stay superseded.
 */
public final class ExpireTask implements TaskHandler {
    /** The items per commit, which take the writer some milliseconds. */
    static final int SLICE = 500;

    private final Erasure erasure;
    private final MonotonicClock clock;

    /** Erases items with everything made from them, inside a transaction. */
    public interface Erasure {
        void erase(VaultWriter writer, CubeKey cube, List<ItemId> items);
    }

    public ExpireTask(Erasure erasure, MonotonicClock clock) {
        this.erasure = erasure;
        this.clock = clock;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeKey cube = run.cube().key();
        Slice slice = run.commit(writer -> expire(writer, cube));
        String note = slice.expired + " items expired, " + slice.erased + " forgotten ones erased";
        if (slice.expired + slice.erased == SLICE) {
            return TaskOutcome.more(note);
        }
        return slice.next.map(at -> TaskOutcome.wait(at, note)).orElseGet(() -> TaskOutcome.done(note));
    }

    private record Slice(int expired, int erased, Optional<Instant> next) {}

    private Slice expire(VaultWriter writer, CubeKey cube) {
        List<ItemId> due = writer.usage().findExpired(cube, clock.present(), SLICE);
        Move move =
                new Move(ItemState.EXPIRED, "time to live ended", ChangeReason.of("time-to-live", 1), clock.instant());
        List<ItemId> forgotten = new ArrayList<>();
        for (MemoryItem item : writer.items(cube, due)) {
            if (item.state() == ItemState.FORGOTTEN) {
                forgotten.add(item.id());
            } else {
                StateTransitions.move(writer, cube, item, move);
            }
        }
        erasure.erase(writer, cube, forgotten);
        return new Slice(
                due.size() - forgotten.size(), forgotten.size(), writer.usage().nextExpiry(cube));
    }
}
