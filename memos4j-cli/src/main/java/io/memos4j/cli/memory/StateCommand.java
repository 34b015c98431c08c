package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes the state of an item. */
@Command(name = "state", description = "Change the state of an item: freeze, unfreeze, archive or expire it.")
public final class StateCommand extends ItemCommand {
    @Parameters(index = "1", paramLabel = "STATE", description = "activated, archived, frozen or expired.")
    private String state;

    @Override
    protected int run(MemCube target, ItemId item) {
        printChanged(target.update(item, ItemEdit.NOTHING.state(ItemState.parse(state))), json());
        return ExitCode.OK;
    }
}
