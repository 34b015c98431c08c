package io.memos4j.cli.history;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows every version of an item. */
@Command(name = "history", description = "Show every version of an item, what it replaced and what replaced it.")
public final class HistoryCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON, one version a line.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        List<ItemVersion> versions = target.history(ItemId.parse(id));
        if (versions.isEmpty()) {
            throw new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Cube '" + cube.name() + "' has no item " + id + ".");
        }
        TextOutput screen = new TextOutput(out());
        for (ItemVersion version : versions) {
            if (json) {
                out().println(JsonOutput.of(JsonOutput.SHAPES.version(version)));
            } else {
                screen.line(TextOutput.bold("version " + version.item().version()) + "  "
                        + TimeFormat.format(version.recordedAt()) + "  " + version.cause() + "  "
                        + version.item().state().id());
                screen.wrapped(version.item().text(), "    ");
            }
        }
        if (!json) {
            SupersessionPrinter.print(target, ItemId.parse(id), screen);
        }
        return 0;
    }
}
