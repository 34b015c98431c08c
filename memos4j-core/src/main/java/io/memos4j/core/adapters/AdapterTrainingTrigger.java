package io.memos4j.core.adapters;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.vault.Vault;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Enqueues a training for hot and stable memories if the policy of their cube is automatic. */
public final class AdapterTrainingTrigger implements PromotionTarget {
    private final Vault vault;
    private final AdapterService parametrics;
    private final Supplier<TaskId> ids;
    private final Supplier<Instant> now;

    public AdapterTrainingTrigger(
            Vault vault, AdapterService parametrics, Supplier<TaskId> ids, Supplier<Instant> now) {
        this.vault = vault;
        this.parametrics = parametrics;
        this.ids = ids;
        this.now = now;
    }

    @Override
    public void offer(CubeId cube, List<PromotionCandidate> memories) {
        if (memories.isEmpty()) {
            return;
        }
        vault.write(writer -> {
            writer.findCube(cube)
                    .filter(row -> parametrics.isAutomatic(writer, row.key()))
                    .ifPresent(row -> writer.tasks()
                            .enqueue(
                                    row.key(),
                                    TaskRequest.of(TaskKind.TEACH).because("promote"),
                                    ids.get(),
                                    now.get()));
            return true;
        });
    }
}
