package io.memos4j.cli.history;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.Snapshot;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes, lists and deletes named snapshots of a cube. */
@Command(
        name = "snapshot",
        description = "Name the current knowledge of a cube, for diff, rollback, fork and --recorded-at.")
public final class SnapshotCommand extends CubeCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The name; without one, the snapshots are listed.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--list", description = "List the snapshots.")
    private boolean list;

    @Option(names = "--delete", description = "Delete the name; the history itself stays.")
    private boolean delete;

    @Override
    protected int run(MemCube target) {
        if (list || name.isEmpty() && !delete) {
            target.time().snapshots().forEach(this::print);
        } else if (delete) {
            String given = name.orElseThrow(() -> MemoryException.invalid("Name the snapshot to delete."));
            target.time().deleteSnapshot(given);
            if (!json()) {
                out().println("Deleted snapshot '" + given + "'.");
            }
        } else {
            print(target.time().snapshot(name.orElseThrow()));
        }
        return ExitCode.OK;
    }

    private void print(Snapshot snapshot) {
        if (json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("name", snapshot.name());
            values.put("taken", snapshot.takenAt().toString());
            printJson(values);
        } else {
            screen().line(snapshot.takenAt() + "  " + snapshot.name());
        }
    }
}
