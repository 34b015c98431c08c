package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.cli.output.ConfirmationPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an adapter out of use. */
@Command(name = "retire", description = "Take an adapter out of use; activate brings it back.")
final class AdapterRetireCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "It was asked for.",
            description = "The reason, for the history (default: ${DEFAULT-VALUE})")
    private String why;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    int run(MemCube named) {
        AdapterId id = requireAdapter(named, adapter).id();
        ConfirmationPrompt.requireForChange(yes, "Take " + id + " of cube '" + named.id() + "' out of use");
        printChanged(named.adapters().retire(id, why));
        return 0;
    }
}
