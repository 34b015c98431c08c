package io.memos4j.cli.memory;

import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.options.FilterOptions;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.search.SearchCommand;
import io.memos4j.core.MemOs;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pages through a cube. */
@Command(name = "list", description = "List what a cube holds.")
public final class ListCommand extends EngineCommand {
    /** Items a page. */
    private static final int ITEMS = 20;

    @Mixin
    private CubeOption cube;

    @Mixin
    private RecordedAtOption past;

    @Mixin
    private FilterOptions filter;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "INSERTED",
            description = "oldest, newest, inserted or updated (default: inserted).")
    private ListRequest.Sort sort;

    @Mixin
    private PageOptions page;

    @Option(
            names = "--json",
            description = "Print JSON, one object a line; the last one holds the cursor of the next page.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        ListRequest request = ListRequest.first()
                .where(filter.filter())
                .sortedBy(sort)
                .limit(page.limit(ITEMS))
                .after(page.cursor());
        Page<MemoryItem> items =
                past.view(target).map(view -> view.list(request)).orElseGet(() -> target.list(request));
        if (json) {
            items.items().forEach(item -> out().println(JsonOutput.of(JsonOutput.SHAPES.item(item))));
            items.next().ifPresent(next -> out().println(JsonOutput.of(Map.of("next", next))));
            return 0;
        }
        TextOutput screen = new TextOutput(out());
        for (MemoryItem item : items.items()) {
            screen.line(TextOutput.dim(item.id() + "  " + item.type().id()
                            + (item.state().isRecalled()
                                    ? ""
                                    : ", " + item.state().id()) + "  ")
                    + SearchCommand.heading(item));
            screen.wrapped(shortened(item.text()), "    ");
        }
        items.next().ifPresent(next -> screen.line("More: --cursor " + next));
        return 0;
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= 160
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 160)) + " …";
    }
}
