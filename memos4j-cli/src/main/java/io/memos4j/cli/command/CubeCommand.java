package io.memos4j.cli.command;

import io.memos4j.api.MemCube;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Base of the commands that work on one existing cube. */
public abstract class CubeCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    /** Does the work on the cube and returns the exit code. */
    protected abstract int run(MemCube target) throws Exception;

    @Override
    protected final int run(MemOs memos) throws Exception {
        return run(requireCube(memos, cube.name()));
    }

    protected final boolean json() {
        return json;
    }

    protected final void printJson(Object value) {
        out().println(JsonOutput.of(value));
    }
}
