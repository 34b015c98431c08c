package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import picocli.CommandLine.Command;

/** Reinstates a superseded or archived item. */
@Command(name = "reinstate", description = "Reinstate an item that was superseded or archived.")
public final class ReinstateCommand extends ItemCommand {
    @Override
    protected int run(MemCube target, ItemId item) {
        printChanged(target.reinstate(item), json());
        return ExitCode.OK;
    }
}
