package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.TimeMachine;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.search.SearchScope;
import io.memos4j.core.search.SearchService;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The time machine of a cube. Thread-safe. */
final class CubeTimeMachine implements TimeMachine {
    /** Earlier than any cube, and still a number of milliseconds. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private final CubeHandle cube;
    private final SearchScope scope;
    private final HistoryOperations operations;
    private final SearchService searcher;
    private final Function<CubeRow, MemCube> opener;

    /**
     * @param scope the cube to search, for its reader
     * @param opener opens a cube that was forked
     */
    CubeTimeMachine(
            CubeHandle cube,
            SearchScope scope,
            HistoryOperations operations,
            SearchService searcher,
            Function<CubeRow, MemCube> opener) {
        this.scope = scope;
        this.cube = cube;
        this.operations = operations;
        this.searcher = searcher;
        this.opener = opener;
    }

    @Override
    public Instant mark() {
        return cube.write(writer -> operations.clock().uniqueInstant());
    }

    @Override
    public CubeView recordedAt(Instant recorded) {
        return new HistoricalCubeView(cube, scope, searcher, requirePast(recorded));
    }

    @Override
    public CubeView recordedAt(String snapshot) {
        return recordedAt(snapshotTime(snapshot));
    }

    @Override
    public Page<ItemChange> diff(DiffRequest request) {
        DiffRequest checked = new DiffRequest(
                requirePast(request.from()), requirePast(request.to()), request.limit(), request.cursor());
        return cube.auditedRead("diff", reader -> reader.history().diff(cube.key(), checked));
    }

    @Override
    public MemoryItem rollback(ItemId item, Instant to) {
        return cube.audited("rollback", () -> operations.rollback().rollback(cube, item, requirePast(to)));
    }

    @Override
    public RollbackResult rollback(Instant to) {
        return cube.audited("rollback", () -> operations.rollback().rollback(cube, requirePast(to)));
    }

    @Override
    public RollbackResult rollback(String snapshot) {
        return rollback(snapshotTime(snapshot));
    }

    @Override
    public Snapshot snapshot(String name) {
        return cube.audited(
                "snapshot",
                "snapshot",
                () -> cube.write(writer -> {
                    findSnapshot(writer, name).ifPresent(taken -> {
                        throw MemoryException.invalid(
                                "Snapshot '" + name + "' of cube '" + cube.id() + "' was already taken at "
                                        + taken.takenAt() + ". Choose another name, or delete that snapshot first.");
                    });
                    Snapshot snapshot = new Snapshot(name, operations.clock().uniqueInstant());
                    writer.history().saveSnapshot(cube.key(), snapshot);
                    return snapshot;
                }));
    }

    @Override
    public List<Snapshot> snapshots() {
        return cube.read(reader -> reader.history().snapshots(cube.key()));
    }

    @Override
    public void deleteSnapshot(String name) {
        boolean deleted = cube.audited(
                "delete snapshot",
                "snapshot",
                () -> cube.write(writer -> writer.history().deleteSnapshot(cube.key(), name)));
        if (!deleted) {
            throw unknownSnapshot(name);
        }
    }

    @Override
    public MemCube fork(CubeId newCube, Instant at) {
        return opener.apply(
                cube.audited("fork", "to " + newCube, () -> operations.fork().fork(cube, newCube, requirePast(at))));
    }

    /** Refuses an instant in the future. */
    private Instant requirePast(Instant instant) {
        Instant then = instant.isBefore(EARLIEST) ? EARLIEST : instant.truncatedTo(ChronoUnit.MILLIS);
        Instant now = operations.clock().instant();
        if (then.isAfter(now)) {
            throw MemoryException.invalid(
                    "The instant " + then + " is in the future; it is " + now + " now. Name an earlier one.");
        }
        return then;
    }

    private Instant snapshotTime(String snapshot) {
        return cube.read(reader -> findSnapshot(reader, snapshot))
                .map(Snapshot::takenAt)
                .orElseThrow(() -> unknownSnapshot(snapshot));
    }

    private Optional<Snapshot> findSnapshot(VaultReader reader, String name) {
        return reader.history().snapshots(cube.key()).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    private MemoryException unknownSnapshot(String snapshot) {
        List<String> names = snapshots().stream().map(Snapshot::name).toList();
        return new MemoryException(
                ErrorCode.SNAPSHOT_NOT_FOUND,
                "Cube '" + cube.id() + "' has no snapshot '" + snapshot + "'. "
                        + (names.isEmpty()
                                ? "It has none; name an instant instead."
                                : "It has " + String.join(", ", names) + "."));
    }
}
