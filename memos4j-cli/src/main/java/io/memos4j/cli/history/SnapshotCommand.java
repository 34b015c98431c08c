package io.memos4j.cli.history;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.Snapshot;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives the present of a cube a name, lists the names and forgets them. */
@Command(
        name = "snapshot",
        description = "Give what a cube knows now a name, for diff, rollback, fork and --recorded-at.")
public final class SnapshotCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The name; without one the snapshots are listed.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--list", description = "List the snapshots.")
    private boolean list;

    @Option(names = "--delete", description = "Forget the name; what was known then stays.")
    private boolean delete;

    @Option(names = "--json", description = "Print JSON, one snapshot a line.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube target = requireCube(memos, cube.name());
        if (list || name.isEmpty() && !delete) {
            target.time().snapshots().forEach(this::print);
        } else if (delete) {
            String given = name.orElseThrow(() -> MemoryException.invalid("Name the snapshot to delete."));
            target.time().deleteSnapshot(given);
            if (!json) {
                out().println("Forgot snapshot '" + given + "'.");
            }
        } else {
            print(target.time().snapshot(name.orElseThrow()));
        }
        return 0;
    }

    private void print(Snapshot snapshot) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("name", snapshot.name());
            values.put("taken", snapshot.takenAt().toString());
            out().println(JsonOutput.of(values));
        } else {
            new TextOutput(out()).line(snapshot.takenAt() + "  " + snapshot.name());
        }
    }
}
