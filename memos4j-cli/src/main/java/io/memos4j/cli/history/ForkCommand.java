package io.memos4j.cli.history;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.cli.command.EngineCommand;
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

/** Makes a new cube of what another one knew. */
@Command(name = "fork", description = "Make a new cube of what a cube knows, or knew at a time.")
public final class ForkCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "CUBE", description = "The cube that is there.")
    private String cube;

    @Parameters(index = "1", paramLabel = "NEW", description = "The name of the new one.")
    private String name;

    @Option(names = "--at", paramLabel = "WHEN", description = "A time or a snapshot (default: now).")
    private Optional<String> at = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube source = requireCube(memos, cube);
        Instant then = at.map(when -> RecordedAtOption.instant(source, when)).orElseGet(source.time()::mark);
        MemCube made = source.time().fork(CubeId.of(name), then);
        VectorProgress.await(made, err(), Duration.ofDays(1));
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.cube(made.describe())));
        } else {
            out().println("Made cube '" + made.id() + "' with "
                    + made.describe().itemCount() + " items.");
        }
        return 0;
    }
}
