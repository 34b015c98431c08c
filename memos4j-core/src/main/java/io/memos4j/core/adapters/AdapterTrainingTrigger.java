package io.memos4j.core.adapters;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.vault.Vault;
import java.time.InstantSource;
import java.util.List;

/** Enqueues a training for hot and stable memories if the policy of their cube is automatic. */
public final class AdapterTrainingTrigger implements PromotionTarget {
    private final Vault vault;
    private final AdapterService adapters;
    private final IdGenerator ids;
    private final InstantSource clock;

    public AdapterTrainingTrigger(Vault vault, AdapterService adapters, IdGenerator ids, InstantSource clock) {
        this.vault = vault;
        this.adapters = adapters;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void offer(CubeId cube, List<PromotionCandidate> memories) {
        if (memories.isEmpty()) {
            return;
        }
        vault.change(writer -> writer.findCube(cube)
                .filter(row -> adapters.isAutomatic(writer, row.key()))
                .ifPresent(row -> writer.tasks()
                        .enqueue(
                                row.key(),
                                TaskRequest.of(TaskKind.TEACH).because("promote"),
                                ids.nextTaskId(),
                                clock.instant())));
    }
}
