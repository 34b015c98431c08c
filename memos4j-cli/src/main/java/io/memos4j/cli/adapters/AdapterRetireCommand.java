package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.ConfirmationPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deactivates an adapter. */
@Command(name = "retire", description = "Deactivate an adapter; activate brings it back.")
final class AdapterRetireCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "Retired on request.",
            description = "The reason, kept in the history (default: ${DEFAULT-VALUE})")
    private String why;

    @Mixin
    private ConfirmationPrompt confirmation;

    @Override
    protected int run(MemCube target) {
        AdapterId id = requireAdapter(target, adapter).id();
        confirmation.requireForChange("Deactivate " + id + " of cube '" + target.id() + "'");
        printChanged(target.adapters().retire(id, why));
        return ExitCode.OK;
    }
}
