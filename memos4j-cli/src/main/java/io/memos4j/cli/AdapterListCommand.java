package io.memos4j.cli;

import io.memos4j.api.Adapter;
import io.memos4j.api.MemCube;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the adapters of a cube. */
@Command(name = "list", description = "List every version of every adapter, the last version first.")
final class AdapterListCommand extends AdapterCommand {
    @Override
    int run(MemCube named) {
        List<Adapter> all = named.adapters().list();
        all.forEach(this::changed);
        if (all.isEmpty() && !json()) {
            out().println("Cube '" + named.id() + "' has no adapters. To make some: memos4j adapters train");
        }
        return 0;
    }
}
