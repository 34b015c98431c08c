package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the adapters of a cube. */
@Command(name = "list", description = "List every version of every adapter, the last version first.")
final class AdapterListCommand extends AdapterCommand {
    @Override
    int run(MemCube named) {
        List<Adapter> all = named.adapters().list();
        all.forEach(this::printChanged);
        if (all.isEmpty() && !json()) {
            out().println("Cube '" + named.id() + "' has no adapters. To make some: memos4j adapters train");
        }
        return 0;
    }
}
