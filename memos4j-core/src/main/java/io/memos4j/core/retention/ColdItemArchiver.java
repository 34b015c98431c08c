package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.core.history.StateTransitions.Move;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the tasks that take the coldest have in common: which items may cool out of recall, and how they are archived.
 */
final class ColdItemArchiver {
    /** Items a read. */
    private static final int READ = 2_000;

    /** What shapes every answer is not judged by how often it was found. */
    private static final Set<ItemType> STANDING =
            EnumSet.of(ItemType.INSTRUCTION, ItemType.PREFERENCE, ItemType.PROFILE);

    private ColdItemArchiver() {}

    /**
     * Whether an activated item may cool out of recall: it is no standing memory and holds no current value of an
     * attribute. Its being the source of others protects it not: an archived source still stands for what was made of
     * it.
     */
    static boolean mayArchive(AgingItem aging) {
        return !STANDING.contains(aging.type()) && !aging.claims();
    }

    /** Reads every activated item of the cube, in order of insertion. */
    static void forEachAging(Vault vault, TaskRun run, Consumer<AgingItem> work) {
        CubeKey cube = run.cube().key();
        long after = 0;
        List<AgingItem> read;
        do {
            run.check();
            long from = after;
            read = vault.read(reader -> reader.usage().agingItems(cube, from, READ));
            read.forEach(work);
            after = read.isEmpty() ? after : read.getLast().ordinal();
        } while (read.size() == READ);
    }

    /** Archives those of these items that are still activated; returns how many. */
    static int archive(VaultWriter writer, CubeKey cube, List<ItemId> ids, String cause, Instant now) {
        Move move = new Move(ItemState.ARCHIVED, cause, now);
        List<ItemId> moved = writer.items(cube, ids).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED)
                .map(item -> StateTransitions.move(writer, cube, item, move).id())
                .toList();
        return moved.size();
    }
}
