package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Archives items that have cooled below the threshold of the cube's policy, once a day; none without a threshold. */
public final class DecayTask implements TaskHandler {
    private static final Duration EVERY = Duration.ofDays(1);

    private final Vault vault;
    private final Supplier<Instant> now;

    public DecayTask(Vault vault, Supplier<Instant> now) {
        this.vault = vault;
        this.now = now;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        RetentionPolicy policy =
                vault.read(reader -> reader.usage().policy(run.cube().key()));
        if (policy.archiveBelow() == 0) {
            return TaskOutcome.done("no threshold is set");
        }
        Instant time = now.get();
        HeatCurve curve = HeatCurve.of(policy);
        List<ItemId> cold = new ArrayList<>();
        ColdItemArchiver.forEachAging(vault, run, aging -> {
            if (ColdItemArchiver.mayArchive(aging) && curve.heatAt(aging, time) < policy.archiveBelow()) {
                cold.add(aging.item());
            }
        });
        long archived = ColdItemArchiver.archive(run, cold, "cooled below " + policy.archiveBelow(), time);
        return TaskOutcome.wait(time.plus(EVERY), archived + " items cooled below " + policy.archiveBelow());
    }
}
