package io.memos4j.core.upkeep;

import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.core.lifecycle.Transitions;
import io.memos4j.core.lifecycle.Transitions.Move;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.Aging;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What the tasks that take the coldest have in common: which items may cool out of recall, and how they are archived. */
final class Cooling {
    /** Items a read. */
    private static final int READ = 2_000;

    /** What shapes every answer is not judged by how often it was found. */
    private static final Set<ItemType> STANDING =
            EnumSet.of(ItemType.INSTRUCTION, ItemType.PREFERENCE, ItemType.PROFILE);

    private Cooling() {}

    /**
     * Whether an activated item may cool out of recall: it is no standing memory and holds no current value of an attribute. Its being the
     * source of others protects it not: an archived source still stands for what was made of it.
     */
    static boolean may(Aging aging) {
        return !STANDING.contains(aging.type()) && !aging.claims();
    }

    /** Reads every activated item of the cube, in order of insertion. */
    static void each(Vault vault, TaskRun run, Consumer<Aging> work) {
        CubeKey cube = run.cube().key();
        long after = 0;
        List<Aging> read;
        do {
            run.check();
            long from = after;
            read = vault.read(reader -> reader.usage().aging(cube, from, READ));
            read.forEach(work);
            after = read.isEmpty() ? after : read.getLast().ordinal();
        } while (read.size() == READ);
    }

    /** Archives those of these items that are still activated; returns how many. */
    static int archive(VaultWriter writer, CubeKey cube, List<ItemId> ids, String cause, Instant now) {
        Move move = new Move(ItemState.ARCHIVED, cause, now);
        List<ItemId> moved = writer.items(cube, ids).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED)
                .map(item -> Transitions.move(writer, cube, item, move).id())
                .toList();
        return moved.size();
    }
}
