package io.memos4j.cli;

import io.memos4j.api.CubeView;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.Shapes;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one item whole. */
@Command(name = "show", description = "Show one item with everything that is known about it.")
final class ShowCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Mixin
    private PastOption past;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        MemCube target = existing(memos, cube.name());
        Optional<CubeView> then = past.view(target);
        ItemId wanted = ItemId.parse(id);
        MemoryItem item = then.map(view -> view.get(wanted))
                .orElseGet(() -> target.get(wanted))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND,
                        "Cube '" + cube.name() + "' has no item " + id + (then.isPresent() ? " at that time." : ".")));
        if (json) {
            Map<String, Object> values = Json.SHAPES.item(item);
            if (then.isEmpty()) {
                values.put(
                        "successions",
                        target.successions(item.id()).stream()
                                .map(Shapes::succession)
                                .toList());
            }
            out().println(Json.of(values));
            return 0;
        }
        Screen screen = new Screen(out());
        Json.SHAPES.item(item).forEach((name, value) -> {
            if (!name.equals("text") && !String.valueOf(value).isEmpty()) {
                screen.format("%-10s %s", name, value);
            }
        });
        if (then.isEmpty()) {
            Successions.print(target, item.id(), screen);
        }
        screen.line("");
        screen.wrapped(item.text(), "");
        return 0;
    }
}
