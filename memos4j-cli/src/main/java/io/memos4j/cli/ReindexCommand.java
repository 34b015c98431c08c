package io.memos4j.cli;

import io.memos4j.api.MemCube;
import io.memos4j.core.MemOs;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rebuilds a cube's index. */
@Command(
        name = "reindex",
        description = "Rebuild a cube's index; computes its vectors anew if the embedder has changed.")
final class ReindexCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Override
    int run(MemOs memos) {
        MemCube target = existing(memos, cube.name());
        target.reindex();
        Vectors.await(target, err(), Duration.ofDays(1));
        out().println("Rebuilt the index of cube '" + cube.name() + "'.");
        return 0;
    }
}
