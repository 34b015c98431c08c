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
import io.memos4j.core.Engine;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.history.HistoryWriter.ForkRequest;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The time machine of a cube of an open engine. Thread-safe. */
final class CubeTimeMachine implements TimeMachine {
    /** Long before any cube, and still a number of milliseconds. */
    private static final Instant EARLIEST = Instant.EPOCH;

    /** The texts split into passages at a time. */
    private static final int BATCH = 500;

    private final Engine engine;
    private final StoredMemCube cube;
    private final CubeKey key;

    CubeTimeMachine(Engine engine, StoredMemCube cube, CubeKey key) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
    }

    @Override
    public Instant mark() {
        return engine.vault().write(writer -> {
            cube.require(writer);
            return engine.clock().uniqueInstant();
        });
    }

    @Override
    public CubeView recordedAt(Instant recorded) {
        return new HistoricalCubeView(engine, cube, key, requirePast(recorded));
    }

    @Override
    public CubeView recordedAt(String snapshot) {
        return recordedAt(snapshotTime(snapshot));
    }

    @Override
    public Page<ItemChange> diff(DiffRequest request) {
        DiffRequest checked = new DiffRequest(
                requirePast(request.from()), requirePast(request.to()), request.limit(), request.cursor());
        return read(reader -> reader.history().diff(key, checked));
    }

    @Override
    public MemoryItem rollback(ItemId item, Instant to) {
        Instant then = requirePast(to);
        return change(writer -> engine.rollbacks().rollbackItem(writer, cube.unlocked(writer, item), key, then));
    }

    @Override
    public RollbackResult rollback(Instant to) {
        Instant then = requirePast(to);
        return change(writer -> engine.rollbacks().rollbackCube(writer, key, then));
    }

    @Override
    public RollbackResult rollback(String snapshot) {
        return rollback(snapshotTime(snapshot));
    }

    @Override
    public Snapshot snapshot(String name) {
        return engine.vault().write(writer -> {
            cube.require(writer);
            findSnapshot(writer, name).ifPresent(taken -> {
                throw MemoryException.invalid("Snapshot '" + name + "' of cube '" + cube.id() + "' was taken at "
                        + taken.takenAt() + " already. Choose another name, or delete that snapshot first.");
            });
            Snapshot snapshot = new Snapshot(name, engine.clock().uniqueInstant());
            writer.history().saveSnapshot(key, snapshot);
            return snapshot;
        });
    }

    @Override
    public List<Snapshot> snapshots() {
        return read(reader -> reader.history().snapshots(key));
    }

    @Override
    public void deleteSnapshot(String name) {
        boolean there = engine.vault().write(writer -> {
            cube.require(writer);
            return writer.history().deleteSnapshot(key, name);
        });
        if (!there) {
            throw unknownSnapshot(name);
        }
    }

    @Override
    public MemCube fork(CubeId newCube, Instant at) {
        Instant then = requirePast(at);
        CubeRow made = engine.vault().write(writer -> {
            cube.require(writer);
            engine.requireFree(writer, newCube);
            String cause = "forked from " + cube.id() + " at " + then;
            CubeRow row = writer.history()
                    .fork(key, new ForkRequest(newCube, then, engine.clock().instant(), cause));
            splitPassages(writer, row.key(), cause);
            scheduleFollowUps(writer, row.key(), "fork");
            return row;
        });
        return new StoredMemCube(engine, made);
    }

    /** Splits the texts that were rewritten since, whose passages and claims differ from the current ones. */
    private void splitPassages(VaultWriter writer, CubeKey made, String cause) {
        List<InsertedItem> uncut = writer.history().itemsWithoutPassages(made, 0, BATCH);
        while (!uncut.isEmpty()) {
            uncut.forEach(each ->
                    writer.history().storePassages(made, engine.reader().revise(each.item(), cause)));
            uncut = writer.history().itemsWithoutPassages(made, uncut.getLast().ordinal(), BATCH);
        }
    }

    /** Schedules the tasks for items that came back: they may need vectors or have expired meanwhile. */
    private void scheduleFollowUps(VaultWriter writer, CubeKey changed, String cause) {
        engine.triggers().onTextChange(writer, changed, cause);
        engine.timeToLive().scheduleTasks(writer, changed);
    }

    /** Refuses an instant in the future. */
    private Instant requirePast(Instant instant) {
        Instant then = instant.isBefore(EARLIEST) ? EARLIEST : instant.truncatedTo(ChronoUnit.MILLIS);
        Instant now = engine.clock().instant();
        if (then.isAfter(now)) {
            throw MemoryException.invalid(
                    "The instant " + then + " is in the future; it is " + now + " now. Name an earlier one.");
        }
        return then;
    }

    private Instant snapshotTime(String snapshot) {
        return read(reader -> findSnapshot(reader, snapshot))
                .map(Snapshot::takenAt)
                .orElseThrow(() -> unknownSnapshot(snapshot));
    }

    private Optional<Snapshot> findSnapshot(VaultReader reader, String name) {
        return reader.history().snapshots(key).stream()
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

    private <T> T read(Function<VaultReader, T> work) {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return work.apply(reader);
        });
    }

    private <T> T change(Function<VaultWriter, T> work) {
        CubeRow row = cube.matching(cube.row());
        T changed = engine.vault().write(writer -> {
            cube.require(writer);
            T result = work.apply(writer);
            scheduleFollowUps(writer, key, "rollback");
            return result;
        });
        engine.indexes().catchUp(row);
        return changed;
    }
}
