package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Activates a version of an adapter. */
@Command(
        name = "activate",
        description = "Activate an adapter that has passed its evaluation, in place of the active version.")
final class AdapterActivateCommand extends AdapterCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    protected int run(MemCube target) {
        printChanged(target.adapters().activate(requireAdapter(target, adapter).id()));
        return ExitCode.OK;
    }
}
