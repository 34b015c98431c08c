package io.memos4j.cli.command;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import picocli.CommandLine.Parameters;

/** Base of the commands that work on one item of a cube. */
public abstract class ItemCommand extends CubeCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The item's ID.")
    private String id;

    /** Does the work on the item and returns the exit code. */
    protected abstract int run(MemCube target, ItemId item);

    @Override
    protected final int run(MemCube target) {
        return run(target, ItemId.parse(id));
    }

    /** Returns the error for an item that the cube does not have. */
    protected static MemoryException notFound(MemCube target, ItemId item, String when) {
        return new MemoryException(
                ErrorCode.ITEM_NOT_FOUND, "Cube '" + target.id() + "' has no item " + item + when + ".");
    }
}
