package io.memos4j.cli.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what belongs to an item. */
@Command(
        name = "related",
        description = "Show the items that belong to one: its sources, what was made of it, and what is like it.")
public final class RelatedCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON, one item a line.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        List<RelatedItem> related = requireCube(memos, cube.name()).related(ItemId.parse(id));
        TextOutput screen = new TextOutput(out());
        for (RelatedItem each : related) {
            if (json) {
                out().println(JsonOutput.of(JsonOutput.SHAPES.related(each)));
            } else {
                screen.line(TextOutput.bold(each.kind().name().toLowerCase(Locale.ROOT)) + "  "
                        + String.format(Locale.ROOT, "%.2f", each.weight()) + "  "
                        + each.item().id() + "  "
                        + TimeFormat.format(each.item().times().occurredAt()));
                screen.wrapped(each.item().text(), "    ");
            }
        }
        if (related.isEmpty() && !json) {
            screen.line("Nothing is known to belong to " + id + ".");
        }
        return 0;
    }
}
