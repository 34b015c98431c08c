package io.memos4j.cli.search;

import io.memos4j.api.MemCube;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the working memory of a session. */
@Command(
        name = "working",
        description = "Show the working memory of a session: items said, found or preloaded, hottest first.")
public final class WorkingCommand extends CubeCommand {
    @Option(names = "--session", required = true, paramLabel = "S", description = "The session.")
    private String session;

    @Override
    protected int run(MemCube target) {
        WorkingMemory memory = target.workingMemory(session);
        TextOutput screen = screen();
        for (WorkingMemoryItem each : memory.items()) {
            if (json()) {
                Map<String, Object> item = JsonOutput.SHAPES.item(each.item());
                item.put("heat", each.heat());
                item.put("touched", each.touchedAt().toString());
                item.put("cause", each.cause());
                printJson(item);
            } else {
                screen.format(
                        "%.2f  %-9s  %s  %s",
                        each.heat(),
                        each.cause(),
                        each.item().id(),
                        TextOutput.firstLine(each.item().text()));
            }
        }
        if (memory.items().isEmpty() && !json()) {
            screen.line("The working memory of session '" + session + "' is empty.");
        }
        return ExitCode.OK;
    }
}
