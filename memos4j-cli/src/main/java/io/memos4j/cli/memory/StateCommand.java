package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves an item to another state of its life. */
@Command(name = "state", description = "Freeze, thaw, archive or expire an item.")
public final class StateCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(index = "0", paramLabel = "ID", description = "The item's id.")
    private String id;

    @Parameters(index = "1", paramLabel = "STATE", description = "activated, archived, frozen or expired.")
    private String state;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        ItemEdit edit = ItemEdit.NOTHING.state(ItemState.parse(state));
        printChanged(requireCube(memos, cube.name()).update(ItemId.parse(id), edit), json);
        return 0;
    }
}
