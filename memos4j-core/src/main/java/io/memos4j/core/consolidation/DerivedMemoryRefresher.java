package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;

/** Enqueues the tasks that rebuild derived memories whose sources are deleted, in the same transaction. Thread-safe. */
public final class DerivedMemoryRefresher {
    /** Deletions come in groups, so the tasks wait for further ones. */
    private static final Duration DELAY = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final IdGenerator ids;

    public DerivedMemoryRefresher(InstantSource clock, IdGenerator ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Enqueues tasks for the summaries and profiles that are about to be deleted with their sources.
     *
     * @param derived items to be deleted because their sources are; they still exist
     */
    public void scheduleRefresh(VaultWriter writer, CubeKey cube, Collection<ItemId> derived) {
        Instant now = clock.instant();
        for (MemoryItem item : writer.items(cube, derived)) {
            if (ConsolidationMarker.isConsolidated(item)) {
                writer.tasks()
                        .enqueue(
                                cube,
                                refreshRequest(item).dueAt(now.plus(DELAY)).because("a source was erased"),
                                ids.nextTaskId(),
                                now);
            }
        }
    }

    private static TaskRequest refreshRequest(MemoryItem item) {
        if (ConsolidationMarker.PROFILE.equals(item.metadata().get(ConsolidationMarker.KEY))) {
            return TaskRequest.of(TaskKind.PROFILE);
        }
        return item.metadata().get(DerivedMemoryWriter.ABOUT) instanceof String session
                ? TaskRequest.of(TaskKind.SUMMARIZE).about(session)
                : TaskRequest.of(TaskKind.SUMMARIZE);
    }
}
