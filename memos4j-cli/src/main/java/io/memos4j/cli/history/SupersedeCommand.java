package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces one item by another. */
@Command(name = "supersede", description = "Let an item replace another, which is then archived.")
public final class SupersedeCommand extends CubeCommand {
    @Parameters(index = "0", paramLabel = "FORMER", description = "The ID of the item that no longer holds.")
    private String former;

    @Parameters(index = "1", paramLabel = "SUCCESSOR", description = "The ID of the item that holds instead.")
    private String successor;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "The reason, kept for people.")
    private String reason;

    @Override
    protected int run(MemCube target) {
        printChanged(target.supersede(ItemId.parse(former), ItemId.parse(successor), reason), json());
        return ExitCode.OK;
    }
}
