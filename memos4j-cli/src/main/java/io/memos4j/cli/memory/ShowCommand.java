package io.memos4j.cli.memory;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.command.ItemCommand;
import io.memos4j.cli.history.SupersessionPrinter;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.ApiJson;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows all details of one item. */
@Command(name = "show", description = "Show everything that is known about one item.")
public final class ShowCommand extends ItemCommand {
    @Mixin
    private RecordedAtOption past;

    @Override
    protected int run(MemCube target, ItemId id) {
        Optional<CubeView> then = past.view(target);
        MemoryItem item = then.map(view -> view.get(id))
                .orElseGet(() -> target.get(id))
                .orElseThrow(() -> notFound(target, id, then.isPresent() ? " at that time" : ""));
        if (json()) {
            Map<String, Object> values = JsonOutput.SHAPES.item(item);
            if (then.isEmpty()) {
                values.put(
                        "successions",
                        target.supersessions(item.id()).stream()
                                .map(ApiJson::succession)
                                .toList());
            }
            printJson(values);
            return ExitCode.OK;
        }
        TextOutput screen = screen();
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
        return ExitCode.OK;
    }
}
