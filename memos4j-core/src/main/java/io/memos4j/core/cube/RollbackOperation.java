package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.history.RollbackExecutor;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.function.Function;

/** Rolls an item or a cube back to an earlier instant, by new versions. Thread-safe. */
public final class RollbackOperation {
    private final RollbackExecutor rollbacks;
    private final TaskTriggers triggers;

    public RollbackOperation(RollbackExecutor rollbacks, TaskTriggers triggers) {
        this.rollbacks = rollbacks;
        this.triggers = triggers;
    }

    public MemoryItem rollback(CubeHandle cube, ItemId item, Instant to) {
        return change(
                cube, writer -> rollbacks.rollbackItem(writer, cube.requireChangeable(writer, item), cube.key(), to));
    }

    public RollbackResult rollback(CubeHandle cube, Instant to) {
        return change(cube, writer -> rollbacks.rollbackCube(writer, cube.key(), to));
    }

    private <T> T change(CubeHandle cube, Function<VaultWriter, T> work) {
        return cube.change(writer -> {
            T result = work.apply(writer);
            triggers.onRestore(writer, cube.key(), "rollback");
            return result;
        });
    }
}
