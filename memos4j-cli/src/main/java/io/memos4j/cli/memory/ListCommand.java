package io.memos4j.cli.memory;

import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.FilterOptions;
import io.memos4j.cli.options.PageOptions;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.ItemFormatter;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the items of a cube page by page. */
@Command(name = "list", description = "List the items of a cube.")
public final class ListCommand extends CubeCommand {
    private static final int ITEMS = 20;
    private static final int SHOWN = 160;

    @Mixin
    private RecordedAtOption past;

    @Mixin
    private FilterOptions filter;

    @Option(names = "--sort", paramLabel = "ORDER", defaultValue = "INSERTED")
    private ListRequest.Sort sort;

    @Option(names = "--state", paramLabel = "STATE")
    private Optional<String> state = Optional.empty();

    @Mixin
    private PageOptions page;

    @Override
    protected int run(MemCube target) {
        ListRequest request = ListRequest.first()
                .where(state.map(name -> Filter.and(
                                filter.filter(),
                                Filter.eq("state", ItemState.parse(name).id())))
                        .orElseGet(filter::filter))
                .sortedBy(sort)
                .limit(page.limit(ITEMS))
                .after(page.cursor());
        Page<MemoryItem> items =
                past.view(target).map(view -> view.list(request)).orElseGet(() -> target.list(request));
        if (json()) {
            items.items().forEach(item -> printJson(JsonOutput.SHAPES.item(item)));
            items.next().ifPresent(next -> printJson(Map.of("next", next)));
            return ExitCode.OK;
        }
        TextOutput screen = screen();
        for (MemoryItem item : items.items()) {
            String shown = item.state().isRecalled() ? "" : ", " + item.state().id();
            screen.line(
                    TextOutput.dim(item.id() + "  " + item.type().id() + shown + "  ") + ItemFormatter.heading(item));
            screen.wrapped(ItemFormatter.shorten(item.text(), SHOWN), "    ");
        }
        items.next().ifPresent(next -> screen.line("More: --cursor " + next));
        return ExitCode.OK;
    }
}
