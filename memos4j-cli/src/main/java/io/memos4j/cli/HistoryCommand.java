package io.memos4j.cli;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows every version of an item. */
@Command(name = "history", description = "Show every version of an item, what it replaced and what replaced it.")
final class HistoryCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON, one version a line.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        MemCube target = existing(memos, cube.name());
        List<ItemVersion> versions = target.history(ItemId.parse(id));
        if (versions.isEmpty()) {
            throw new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Cube '" + cube.name() + "' has no item " + id + ".");
        }
        Screen screen = new Screen(out());
        for (ItemVersion version : versions) {
            if (json) {
                out().println(Json.of(Json.SHAPES.version(version)));
            } else {
                screen.line(Screen.bold("version " + version.item().version()) + "  " + Times.show(version.recordedAt())
                        + "  " + version.cause() + "  " + version.item().state().id());
                screen.wrapped(version.item().text(), "    ");
            }
        }
        if (!json) {
            Successions.print(target, ItemId.parse(id), screen);
        }
        return 0;
    }
}
