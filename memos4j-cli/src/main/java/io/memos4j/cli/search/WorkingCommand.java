package io.memos4j.cli.search;

import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a conversation has at hand. */
@Command(name = "working", description = "Show what a session has at hand: said, found or preloaded, hottest first.")
public final class WorkingCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--session", required = true, paramLabel = "S", description = "The conversation.")
    private String session;

    @Option(names = "--json", description = "Print JSON, one item a line.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        WorkingMemory memory = requireCube(memos, cube.name()).workingMemory(session);
        TextOutput screen = new TextOutput(out());
        for (WorkingMemoryItem each : memory.items()) {
            if (json) {
                Map<String, Object> item = JsonOutput.SHAPES.item(each.item());
                item.put("heat", each.heat());
                item.put("touched", each.touchedAt().toString());
                item.put("cause", each.cause());
                out().println(JsonOutput.of(item));
            } else {
                screen.format(
                        "%.2f  %-9s  %s  %s",
                        each.heat(),
                        each.cause(),
                        each.item().id(),
                        TextOutput.firstLine(each.item().text()));
            }
        }
        if (memory.items().isEmpty() && !json) {
            screen.line("Session '" + session + "' has nothing at hand.");
        }
        return 0;
    }
}
