package io.memos4j.cli.history;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.VectorProgress;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a cube from the knowledge of another one. */
@Command(name = "fork", description = "Create a new cube from what a cube knows, or knew at an earlier time.")
public final class ForkCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "CUBE", description = "The existing cube.")
    private String cube;

    @Parameters(index = "1", paramLabel = "NEW", description = "The name of the new cube.")
    private String name;

    @Option(names = "--at", paramLabel = "WHEN", description = "A time or a snapshot (default: now).")
    private Optional<String> at = Optional.empty();

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    protected int run(MemOs memos) {
        MemCube source = requireCube(memos, cube);
        Instant then = at.map(when -> RecordedAtOption.instant(source, when)).orElseGet(source.time()::mark);
        MemCube made = source.time().fork(CubeId.of(name), then);
        VectorProgress.await(made, err(), Duration.ofDays(1));
        CubeDescription description = made.describe();
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.cube(description)));
        } else {
            out().println("Created cube '" + made.id() + "' with " + description.itemCount() + " items.");
        }
        return ExitCode.OK;
    }
}
