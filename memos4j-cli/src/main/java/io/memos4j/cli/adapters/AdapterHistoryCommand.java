package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows what happened to the adapters of a cube. */
@Command(name = "history", description = "Show what happened to the adapters, oldest first.")
final class AdapterHistoryCommand extends AdapterCommand {
    @Override
    int run(MemCube named) {
        List<AdapterChange> history = named.adapters().history();
        AdapterPrinter screen = new AdapterPrinter(out());
        for (AdapterChange change : history) {
            if (json()) {
                out().println(JsonOutput.of(AdapterJson.change(change)));
            } else {
                screen.printChange(change);
            }
        }
        if (history.isEmpty() && !json()) {
            out().println("Nothing has happened to adapters of cube '" + named.id() + "' yet.");
        }
        return 0;
    }
}
