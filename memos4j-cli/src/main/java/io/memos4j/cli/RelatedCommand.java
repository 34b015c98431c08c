package io.memos4j.cli;

import io.memos4j.api.ItemId;
import io.memos4j.api.Related;
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
final class RelatedCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON, one item a line.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        List<Related> related = existing(memos, cube.name()).related(ItemId.parse(id));
        Screen screen = new Screen(out());
        for (Related each : related) {
            if (json) {
                out().println(Json.of(Json.SHAPES.related(each)));
            } else {
                screen.line(Screen.bold(each.kind().name().toLowerCase(Locale.ROOT)) + "  "
                        + String.format(Locale.ROOT, "%.2f", each.weight()) + "  "
                        + each.item().id() + "  "
                        + Times.show(each.item().times().occurredAt()));
                screen.wrapped(each.item().text(), "    ");
            }
        }
        if (related.isEmpty() && !json) {
            screen.line("Nothing is known to belong to " + id + ".");
        }
        return 0;
    }
}
