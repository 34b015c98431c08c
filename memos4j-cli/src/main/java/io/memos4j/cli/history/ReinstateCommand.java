package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets an item hold again. */
@Command(name = "reinstate", description = "Let an item hold again that was replaced or archived.")
public final class ReinstateCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        printChanged(requireCube(memos, cube.name()).reinstate(ItemId.parse(id)), json);
        return 0;
    }
}
