package io.memos4j.cli.admin;

import io.memos4j.api.access.MemGovernance;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Option;

/** Base of the commands on principals, keys, grants and the audit log. */
public abstract class AccessCommand extends EngineCommand {
    /** The actions on entries of a kind. */
    enum AccessAction {
        LIST,
        ADD,
        REMOVE
    }

    @Option(names = "--json")
    private boolean json;

    /** Does the work and returns the exit code. */
    protected abstract int run(MemOs memos, MemGovernance governance, AccessPrinter printer);

    @Override
    protected final int run(MemOs memos) {
        return run(memos, memos.governance(), new AccessPrinter(out(), json));
    }

    /** Prints a message for people; nothing where JSON is asked for. */
    protected final void printMessage(String message) {
        if (!json) {
            out().println(message);
        }
    }
}
