package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts an adapter to use. */
@Command(
        name = "activate",
        description = "Put an adapter that has passed its examination to use, in place of the version that is.")
final class AdapterActivateCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    int run(MemCube named) {
        printChanged(named.adapters().activate(requireAdapter(named, adapter).id()));
        return 0;
    }
}
