package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets one item take the place of another. */
@Command(name = "supersede", description = "Let an item take the place of another, which is then archived.")
public final class SupersedeCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(index = "0", paramLabel = "FORMER", description = "What no longer holds.")
    private String former;

    @Parameters(index = "1", paramLabel = "SUCCESSOR", description = "What holds instead.")
    private String successor;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for people.")
    private String reason;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemoryItem changed =
                requireCube(memos, cube.name()).supersede(ItemId.parse(former), ItemId.parse(successor), reason);
        printChanged(changed, json);
        return 0;
    }
}
