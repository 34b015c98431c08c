package io.memos4j.cli.maintenance;

import io.memos4j.api.MemCube;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rebuilds a cube's index. */
@Command(
        name = "reindex",
        description = "Rebuild a cube's index; computes its vectors anew if the embedder has changed.")
public final class ReindexCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        target.reindex();
        VectorProgress.await(target, err(), Duration.ofDays(1));
        out().println("Rebuilt the index of cube '" + cube.name() + "'.");
        return 0;
    }
}
