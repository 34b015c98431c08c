package io.memos4j.cli.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Shows the items related to an item. */
@Command(
        name = "related",
        description = "Show the items related to one: its sources, items derived from it, similar ones.")
public final class RelatedCommand extends ItemCommand {
    @Override
    protected int run(MemCube target, ItemId item) {
        List<RelatedItem> related = target.related(item);
        TextOutput screen = screen();
        for (RelatedItem each : related) {
            if (json()) {
                printJson(JsonOutput.SHAPES.related(each));
            } else {
                screen.line(TextOutput.bold(each.kind().name().toLowerCase(Locale.ROOT)) + "  "
                        + String.format(Locale.ROOT, "%.2f", each.weight()) + "  "
                        + each.item().id() + "  "
                        + TimeFormat.format(each.item().times().occurredAt()));
                screen.wrapped(each.item().text(), "    ");
            }
        }
        if (related.isEmpty() && !json()) {
            screen.line("No items are related to " + item + ".");
        }
        return ExitCode.OK;
    }
}
