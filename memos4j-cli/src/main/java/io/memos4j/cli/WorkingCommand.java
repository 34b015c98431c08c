package io.memos4j.cli;

import io.memos4j.api.WorkingItem;
import io.memos4j.api.WorkingMemory;
import io.memos4j.core.MemOs;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a conversation has at hand. */
@Command(name = "working", description = "Show what a session has at hand: said, found or preloaded, hottest first.")
final class WorkingCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--session", required = true, paramLabel = "S", description = "The conversation.")
    private String session;

    @Option(names = "--json", description = "Print JSON, one item a line.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        WorkingMemory memory = existing(memos, cube.name()).workingMemory(session);
        Screen screen = new Screen(out());
        for (WorkingItem each : memory.items()) {
            if (json) {
                Map<String, Object> item = Json.SHAPES.item(each.item());
                item.put("heat", each.heat());
                item.put("touched", each.touchedAt().toString());
                item.put("cause", each.cause());
                out().println(Json.of(item));
            } else {
                screen.format(
                        "%.2f  %-9s  %s  %s",
                        each.heat(),
                        each.cause(),
                        each.item().id(),
                        Screen.first(each.item().text()));
            }
        }
        if (memory.items().isEmpty() && !json) {
            screen.line("Session '" + session + "' has nothing at hand.");
        }
        return 0;
    }
}
