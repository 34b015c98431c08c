package io.memos4j.cli.maintenance;

import io.memos4j.api.MemCube;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rebuilds the index of a cube. */
@Command(
        name = "reindex",
        description = "Rebuild the index of a cube; recomputes its vectors if the embedder has changed.")
public final class ReindexCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Override
    protected int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        target.reindex();
        VectorProgress.await(target, err(), Duration.ofDays(1));
        out().println("Rebuilt the index of cube '" + cube.name() + "'.");
        return ExitCode.OK;
    }
}
