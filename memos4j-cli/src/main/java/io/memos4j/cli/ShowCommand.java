package io.memos4j.cli;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.MemOs;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one item whole. */
@Command(name = "show", description = "Show one item with everything that is known about it.")
final class ShowCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(paramLabel = "ID", description = "The item's id.")
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        MemCube target = existing(memos, cube.name());
        MemoryItem item = target.get(ItemId.parse(id))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND, "Cube '" + cube.name() + "' has no item " + id + "."));
        if (json) {
            Map<String, Object> values = Json.item(item);
            values.put(
                    "successions",
                    target.successions(item.id()).stream().map(Json::succession).toList());
            out().println(Json.of(values));
            return 0;
        }
        Screen screen = new Screen(out());
        Json.item(item).forEach((name, value) -> {
            if (!name.equals("text") && !String.valueOf(value).isEmpty()) {
                screen.format("%-10s %s", name, value);
            }
        });
        Successions.print(target, item.id(), screen);
        screen.line("");
        screen.wrapped(item.text(), "");
        return 0;
    }
}
