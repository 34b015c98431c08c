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
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Archives items that have cooled below the threshold of the cube's policy, once a day; none without a threshold. */
public final class DecayTask implements TaskHandler {
    private static final Duration EVERY = Duration.ofDays(1);

    private final Vault vault;
    private final MonotonicClock clock;

    public DecayTask(Vault vault, MonotonicClock clock) {
        this.vault = vault;
        this.clock = clock;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        RetentionPolicy policy =
                vault.read(reader -> reader.usage().policy(run.cube().key()));
        if (policy.archiveBelow() == 0) {
            return TaskOutcome.done("no threshold is set");
        }
        Instant time = clock.present();
        HeatCurve curve = HeatCurve.of(policy);
        List<ItemId> cold = new ArrayList<>();
        ColdItemArchiver.forEachAging(vault, run, aging -> {
            if (ColdItemArchiver.mayArchive(aging) && curve.heatAt(aging, time) < policy.archiveBelow()) {
                cold.add(aging.item());
            }
        });
        String cause = "cooled below " + policy.archiveBelow();
        Move move = new Move(ItemState.ARCHIVED, cause, ChangeReason.of(ChangeReason.COOLED, 1), clock.instant());
        long archived = ColdItemArchiver.archive(run, cold, move);
        return TaskOutcome.wait(time.plus(EVERY), archived + " items cooled below " + policy.archiveBelow());
    }
}
