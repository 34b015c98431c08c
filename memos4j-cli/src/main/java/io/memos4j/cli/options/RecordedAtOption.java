package io.memos4j.cli.options;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.Snapshot;
import io.memos4j.cli.output.TimeFormat;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that selects the knowledge of an earlier time. */
public final class RecordedAtOption {
    @Option(
            names = "--recorded-at",
            paramLabel = "WHEN",
            description = "Use what the cube knew at this time or snapshot (default: now).")
    private Optional<String> recordedAt = Optional.empty();

    public boolean isPresent() {
        return recordedAt.isPresent();
    }

    public Optional<CubeView> view(MemCube cube) {
        return recordedAt.map(when -> cube.time().recordedAt(instant(cube, when)));
    }

    /** Returns the time of the snapshot with this name, or else parses the text as a time. */
    public static Instant instant(MemCube cube, String when) {
        Optional<Instant> taken = cube.time().snapshots().stream()
                .filter(snapshot -> snapshot.name().equals(when))
                .map(Snapshot::takenAt)
                .findFirst();
        return taken.orElseGet(() -> {
            try {
                return TimeFormat.parse(when);
            } catch (MemoryException e) {
                throw MemoryException.invalid("'" + when + "' is neither a snapshot of cube '" + cube.id()
                        + "' nor a time. See: memos4j snapshot --list");
            }
        });
    }
}
