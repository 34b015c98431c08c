package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.cli.command.ExitCode;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the adapters of a cube. */
@Command(name = "list", description = "List every version of every adapter, newest version first.")
final class AdapterListCommand extends AdapterCommand {
    @Override
    protected int run(MemCube target) {
        List<Adapter> all = target.adapters().list();
        all.forEach(this::printChanged);
        if (all.isEmpty() && !json()) {
            out().println("Cube '" + target.id() + "' has no adapters. To train some: memos4j adapters train");
        }
        return ExitCode.OK;
    }
}
