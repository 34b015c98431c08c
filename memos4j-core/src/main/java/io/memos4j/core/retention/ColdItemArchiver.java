package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.core.history.StateTransitions.Move;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.vault.Vault;
import java.util.List;
import java.util.function.Consumer;

/** Reads and archives items that have cooled, for decay and capacity. */
final class ColdItemArchiver {
    /** The items per read. */
    private static final int PAGE_SIZE = 2_000;

    /** The items per commit. */
    private static final int SLICE = 500;

    private ColdItemArchiver() {}

    /**
     * Tells whether an activated item may be archived as cold: not a standing memory, nor the current value of an
     * attribute. Sources of derived memories may, since an archived source still supports them.
     */
    static boolean mayArchive(AgingItem aging) {
        return !aging.type().isStanding() && !aging.claims();
    }

    /** Reads every activated item of the cube, in order of insertion. */
    static void forEachAging(Vault vault, TaskRun run, Consumer<AgingItem> work) {
        CubeKey cube = run.cube().key();
        long after = 0;
        List<AgingItem> read;
        do {
            run.check();
            long from = after;
            read = vault.read(reader -> reader.usage().agingItems(cube, from, PAGE_SIZE));
            read.forEach(work);
            after = read.isEmpty() ? after : read.getLast().ordinal();
        } while (read.size() == PAGE_SIZE);
    }

    /** Archives those of the items that are still activated, slice by slice; returns their number. */
    static long archive(TaskRun run, List<ItemId> ids, Move move) {
        CubeKey cube = run.cube().key();
        long archived = 0;
        for (int from = 0; from < ids.size(); from += SLICE) {
            List<ItemId> slice = ids.subList(from, Math.min(ids.size(), from + SLICE));
            run.progress(from, ids.size());
            archived += run.commit(writer -> writer.items(cube, slice).stream()
                    .filter(item -> item.state() == ItemState.ACTIVATED)
                    .map(item -> StateTransitions.move(writer, cube, item, move))
                    .toList()
                    .size());
        }
        return archived;
    }
}
