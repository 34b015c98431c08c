package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Activates an earlier version of an adapter. */
@Command(name = "rollback", description = "Activate the latest usable version before the active one.")
final class AdapterRollbackCommand extends AdapterCommand {
    @Parameters(paramLabel = "NAME", description = "The adapter without a version, for example lesson-1.")
    private String name;

    @Override
    protected int run(MemCube target) {
        printChanged(target.adapters().rollback(name));
        return ExitCode.OK;
    }
}
