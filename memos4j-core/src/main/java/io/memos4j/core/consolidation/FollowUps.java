package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskRequest;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.reader.InputReader;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Asks for the tasks that must follow when something is erased, in the same transaction. Thread-safe. */
public final class FollowUps {
    /** Erasures come in groups. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private final InputReader reader;

    public FollowUps(InputReader reader) {
        this.reader = reader;
    }

    /**
     * Asks that summaries and profiles be made anew that are about to go with their sources.
     *
     * @param derived what is erased because its sources are; still there
     */
    public void afterErasing(VaultWriter writer, CubeKey cube, Collection<ItemId> derived) {
        Instant now = reader.now();
        for (MemoryItem item : writer.items(cube, derived)) {
            if (Consolidated.is(item)) {
                writer.tasks()
                        .enqueue(
                                cube,
                                again(item).dueAt(now.plus(SOON)).because("a source was erased"),
                                new TaskId(reader.newId().value()),
                                now);
            }
        }
    }

    private static TaskRequest again(MemoryItem item) {
        if (Consolidated.PROFILE.equals(item.metadata().get(Consolidated.KEY))) {
            return TaskRequest.of(TaskKind.PROFILE);
        }
        return item.metadata().get(Keeper.ABOUT) instanceof String session
                ? TaskRequest.of(TaskKind.SUMMARIZE).about(session)
                : TaskRequest.of(TaskKind.SUMMARIZE);
    }
}
