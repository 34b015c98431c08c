package io.memos4j.cli;

import io.memos4j.api.ItemId;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets an item hold again. */
@Command(name = "reinstate", description = "Let an item hold again that was replaced or archived.")
final class ReinstateCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        changed(existing(memos, cube.name()).reinstate(ItemId.parse(id)), json);
        return 0;
    }
}
