package io.memos4j.core.consolidation;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.TaskKind;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Inserted;
import io.memos4j.spi.LexicalQuery;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lets the newest of several items that say the same stand for the others, which are merged into it. Looks for them by words, slice by slice in
 * order of insertion, and looks at all of them again in the transaction that merges. Frozen items are left alone, and those that a user has
 * reinstated. Thread-safe.
 */
public final class MergeTask implements TaskHandler {
    /** Items a commit, and a run. */
    private static final int SLICE = 100;

    private static final int SLICES = 10;

    /** Passages that may hold the same words. */
    private static final int PROPOSED = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Filter ACTIVATED = Filter.and(Filter.eq("state", ItemState.ACTIVATED.id()), Consolidated.NONE);

    private final Vault vault;
    private final OpenIndexes indexes;
    private final Successions successions;
    private final Sameness sameness;

    /** @param zone of the calendar by which days are told apart */
    public MergeTask(Vault vault, OpenIndexes indexes, Successions successions, ZoneId zone) {
        this.vault = vault;
        this.indexes = indexes;
        this.successions = successions;
        this.sameness = new Sameness(zone);
    }

    @Override
    public Outcome run(TaskRun run) {
        CubeRow cube = run.cube();
        int merged = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            List<Inserted> fresh = vault.read(reader -> reader.unmarked(cube.key(), TaskKind.MERGE, ACTIVATED, SLICE));
            if (fresh.isEmpty()) {
                return Outcome.done(merged + " merged");
            }
            merged += merge(run, fresh);
            indexes.catchUpIfOpen(cube);
        }
        return Outcome.more(merged + " merged", writer -> {});
    }

    private int merge(TaskRun run, List<Inserted> fresh) {
        CubeKey cube = run.cube().key();
        List<List<ItemId>> groups = new ArrayList<>();
        for (Inserted each : fresh) {
            run.check();
            if (Sameness.isMergeable(each.item())) {
                List<ItemId> group = alike(run.cube(), each.item());
                if (group.size() > 1) {
                    groups.add(group);
                }
            }
        }
        return run.commit(writer -> {
            int merged = 0;
            for (List<ItemId> group : groups) {
                merged += merge(writer, cube, group);
            }
            writer.mark(cube, TaskKind.MERGE, fresh.getLast().ordinal());
            return merged;
        });
    }

    /** The item and those that say the same. */
    private List<ItemId> alike(CubeRow cube, MemoryItem item) {
        LexicalQuery query = new LexicalQuery(item.text(), ACTIVATED, PROPOSED, PATIENCE);
        List<ItemId> proposed = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(Candidate::item)
                .filter(id -> !id.equals(item.id()))
                .distinct()
                .toList();
        List<ItemId> alike = new ArrayList<>(List.of(item.id()));
        vault.read(reader -> reader.items(cube.key(), proposed)).stream()
                .filter(other -> sameness.same(item, other))
                .forEach(other -> alike.add(other.id()));
        return alike;
    }

    /** What has changed since the group was found drops out. */
    private int merge(VaultWriter writer, CubeKey cube, List<ItemId> group) {
        List<MemoryItem> present = writer.items(cube, group).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED && Sameness.isMergeable(item))
                .sorted(Comparator.comparing((MemoryItem item) -> item.times().occurredAt())
                        .thenComparing(MemoryItem::id))
                .toList();
        if (present.size() < 2) {
            return 0;
        }
        MemoryItem survivor = present.getLast();
        int merged = 0;
        for (MemoryItem item : present.subList(0, present.size() - 1)) {
            if (sameness.same(item, survivor) && !ReconcileTask.wasReinstated(writer, cube, item.id())) {
                successions.merge(writer, cube, item, survivor);
                merged++;
            }
        }
        return merged;
    }
}
