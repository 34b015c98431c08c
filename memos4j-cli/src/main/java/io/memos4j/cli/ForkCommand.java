package io.memos4j.cli;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a new cube of what another one knew. */
@Command(name = "fork", description = "Make a new cube of what a cube knows, or knew at a time.")
final class ForkCommand extends MemoryCommand {
    @Parameters(index = "0", paramLabel = "CUBE", description = "The cube that is there.")
    private String cube;

    @Parameters(index = "1", paramLabel = "NEW", description = "The name of the new one.")
    private String name;

    @Option(names = "--at", paramLabel = "WHEN", description = "A time or a snapshot (default: now).")
    private Optional<String> at = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(MemOs memos) {
        MemCube source = existing(memos, cube);
        Instant then = at.map(when -> PastOption.instant(source, when)).orElseGet(source.time()::mark);
        MemCube made = source.time().fork(CubeId.of(name), then);
        Vectors.await(made, err(), Duration.ofDays(1));
        if (json) {
            out().println(Json.of(Json.SHAPES.cube(made.describe())));
        } else {
            out().println("Made cube '" + made.id() + "' with "
                    + made.describe().itemCount() + " items.");
        }
        return 0;
    }
}
