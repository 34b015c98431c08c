package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts an earlier version of an adapter to use. */
@Command(
        name = "rollback",
        description = "Put the last version before the one in use, that may still be used, to use again.")
final class AdapterRollbackCommand extends AdapterCommand {
    @Parameters(paramLabel = "NAME", description = "The adapter without a version, for example lesson-1.")
    private String name;

    @Override
    int run(MemCube named) {
        printChanged(named.adapters().rollback(name));
        return 0;
    }
}
