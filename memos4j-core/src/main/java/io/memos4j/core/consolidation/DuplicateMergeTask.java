package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Merges duplicate items into the newest of them. Finds candidates by words, in slices in order of insertion, and
 * checks them again in the transaction that merges. Leaves frozen items alone, and those that a user has reinstated.
 * Thread-safe.
 */
public final class DuplicateMergeTask implements TaskHandler {
    /** Items per commit, and commits per run. */
    private static final int SLICE = 100;

    private static final int SLICES = 10;

    /** The most passages compared with an item. */
    private static final int CANDIDATES = 12;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Filter ACTIVATED =
            Filter.and(Filter.eq("state", ItemState.ACTIVATED.id()), ConsolidationMarker.NOT_CONSOLIDATED);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Supersession supersession;
    private final ZoneId zone;

    /** @param zone of items that were said in none, in cubes without a zone */
    public DuplicateMergeTask(Vault vault, CubeIndexManager indexes, Supersession supersession, ZoneId zone) {
        this.vault = vault;
        this.indexes = indexes;
        this.supersession = supersession;
        this.zone = zone;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        CubeRow cube = run.cube();
        int merged = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            List<InsertedItem> fresh =
                    vault.read(reader -> reader.itemsAfterMark(cube.key(), TaskKind.MERGE, ACTIVATED, SLICE));
            if (fresh.isEmpty()) {
                return TaskOutcome.done(merged + " merged");
            }
            merged += merge(run, fresh);
            indexes.catchUpIfOpen(cube);
        }
        return TaskOutcome.more(merged + " merged");
    }

    private int merge(TaskRun run, List<InsertedItem> fresh) {
        CubeKey cube = run.cube().key();
        DuplicateMatcher matcher = new DuplicateMatcher(ZoneResolver.resolve(run.cube(), zone));
        List<List<ItemId>> groups = new ArrayList<>();
        for (InsertedItem each : fresh) {
            run.check();
            if (DuplicateMatcher.isMergeable(each.item())) {
                List<ItemId> group = findDuplicates(run.cube(), each.item(), matcher);
                if (group.size() > 1) {
                    groups.add(group);
                }
            }
        }
        return run.commit(writer -> {
            int merged = 0;
            for (List<ItemId> group : groups) {
                merged += merge(writer, cube, group, matcher);
            }
            writer.setMark(cube, TaskKind.MERGE, fresh.getLast().ordinal());
            return merged;
        });
    }

    /** Returns the item and its duplicates. */
    private List<ItemId> findDuplicates(CubeRow cube, MemoryItem item, DuplicateMatcher matcher) {
        LexicalQuery query = new LexicalQuery(item.text(), ACTIVATED, CANDIDATES, TIMEOUT);
        List<ItemId> proposed = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(PassageCandidate::item)
                .filter(id -> !id.equals(item.id()))
                .distinct()
                .toList();
        List<ItemId> alike = new ArrayList<>(List.of(item.id()));
        vault.read(reader -> reader.items(cube.key(), proposed)).stream()
                .filter(other -> matcher.areDuplicates(item, other))
                .forEach(other -> alike.add(other.id()));
        return alike;
    }

    /** Merges a group; items that have changed since it was found are skipped. */
    private int merge(VaultWriter writer, CubeKey cube, List<ItemId> group, DuplicateMatcher matcher) {
        List<MemoryItem> present = writer.items(cube, group).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED && DuplicateMatcher.isMergeable(item))
                .sorted(Comparator.comparing((MemoryItem item) -> item.times().occurredAt())
                        .thenComparing(MemoryItem::id))
                .toList();
        if (present.size() < 2) {
            return 0;
        }
        MemoryItem survivor = present.getLast();
        int merged = 0;
        for (MemoryItem item : present.subList(0, present.size() - 1)) {
            if (matcher.areDuplicates(item, survivor) && !ReconcileTask.wasReinstated(writer, cube, item.id())) {
                supersession.merge(writer, cube, item, survivor);
                merged++;
            }
        }
        return merged;
    }
}
