package io.memos4j.cli;

import io.memos4j.api.ItemId;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an earlier version of an item the next one. */
@Command(name = "restore", description = "Make an earlier version of an item the next one; history lists them.")
final class RestoreCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(index = "0", paramLabel = "ID", description = "The item's id.")
    private String id;

    @Parameters(index = "1", paramLabel = "VERSION", description = "The number of the version.")
    private int version;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        changed(existing(memos, cube.name()).restore(ItemId.parse(id), version), json);
        return 0;
    }
}
