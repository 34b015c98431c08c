package io.memos4j.cli.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows every version of an item. */
@Command(name = "history", description = "Show every version of an item, what it replaced and what replaced it.")
public final class HistoryCommand extends ItemCommand {
    @Override
    protected int run(MemCube target, ItemId item) {
        List<ItemVersion> versions = target.history(item);
        if (versions.isEmpty()) {
            throw notFound(target, item, "");
        }
        TextOutput screen = screen();
        for (ItemVersion version : versions) {
            if (json()) {
                printJson(JsonOutput.SHAPES.version(version));
            } else {
                screen.line(TextOutput.bold("version " + version.item().version()) + "  "
                        + TimeFormat.format(version.recordedAt()) + "  " + version.cause() + "  "
                        + version.item().state().id());
                screen.wrapped(version.item().text(), "    ");
            }
        }
        if (!json()) {
            SupersessionPrinter.print(target, item, screen);
        }
        return ExitCode.OK;
    }
}
