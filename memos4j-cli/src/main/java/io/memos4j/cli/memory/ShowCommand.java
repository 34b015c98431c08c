package io.memos4j.cli.memory;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.history.SupersessionPrinter;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ApiJson;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one item whole. */
@Command(name = "show", description = "Show one item with everything that is known about it.")
public final class ShowCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private RecordedAtOption past;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        Optional<CubeView> then = past.view(target);
        ItemId wanted = ItemId.parse(id);
        MemoryItem item = then.map(view -> view.get(wanted))
                .orElseGet(() -> target.get(wanted))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND,
                        "Cube '" + cube.name() + "' has no item " + id + (then.isPresent() ? " at that time." : ".")));
        if (json) {
            Map<String, Object> values = JsonOutput.SHAPES.item(item);
            if (then.isEmpty()) {
                values.put(
                        "successions",
                        target.supersessions(item.id()).stream()
                                .map(ApiJson::succession)
                                .toList());
            }
            out().println(JsonOutput.of(values));
            return 0;
        }
        TextOutput screen = new TextOutput(out());
        JsonOutput.SHAPES.item(item).forEach((name, value) -> {
            if (!name.equals("text") && !String.valueOf(value).isEmpty()) {
                screen.format("%-10s %s", name, value);
            }
        });
        if (then.isEmpty()) {
            SupersessionPrinter.print(target, item.id(), screen);
        }
        screen.line("");
        screen.wrapped(item.text(), "");
        return 0;
    }
}
