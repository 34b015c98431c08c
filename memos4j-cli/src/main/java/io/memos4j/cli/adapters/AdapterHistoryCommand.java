package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.server.v1.AdapterJson;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows the history of the adapters of a cube. */
@Command(name = "history", description = "Show the history of the adapters, oldest change first.")
final class AdapterHistoryCommand extends AdapterCommand {
    @Override
    protected int run(MemCube target) {
        List<AdapterChange> history = target.adapters().history();
        AdapterPrinter printer = new AdapterPrinter(out());
        for (AdapterChange change : history) {
            if (json()) {
                printJson(AdapterJson.change(change));
            } else {
                printer.printChange(change);
            }
        }
        if (history.isEmpty() && !json()) {
            out().println("Cube '" + target.id() + "' has no adapter history yet.");
        }
        return ExitCode.OK;
    }
}
