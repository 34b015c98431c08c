package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.CubeView;
import io.memos4j.api.DiffRequest;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemChange;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.Rollback;
import io.memos4j.api.Snapshot;
import io.memos4j.api.TimeMachine;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Inserted;
import io.memos4j.spi.PastWriter.Fork;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The time machine of a cube of an open engine. */
final class EngineTime implements TimeMachine {
    /** Long before any cube, and still a number of milliseconds. */
    private static final Instant EARLIEST = Instant.EPOCH;

    /** Texts cut into passages at a time. */
    private static final int BATCH = 500;

    private final Engine engine;
    private final EngineCube cube;
    private final CubeKey key;

    EngineTime(Engine engine, EngineCube cube, CubeKey key) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
    }

    @Override
    public Instant mark() {
        return engine.vault().write(writer -> {
            cube.require(writer);
            return engine.clock().single();
        });
    }

    @Override
    public CubeView asOf(Instant recorded) {
        return new EngineView(engine, cube, key, past(recorded));
    }

    @Override
    public CubeView asOf(String snapshot) {
        return asOf(taken(snapshot));
    }

    @Override
    public Page<ItemChange> diff(DiffRequest request) {
        DiffRequest checked =
                new DiffRequest(past(request.from()), past(request.to()), request.limit(), request.cursor());
        return read(reader -> reader.past().diff(key, checked));
    }

    @Override
    public MemoryItem rollback(ItemId item, Instant to) {
        Instant then = past(to);
        return change(writer -> engine.rollbacks().item(writer, cube.unlocked(writer, item), key, then));
    }

    @Override
    public Rollback rollback(Instant to) {
        Instant then = past(to);
        return change(writer -> engine.rollbacks().cube(writer, key, then));
    }

    @Override
    public Rollback rollback(String snapshot) {
        return rollback(taken(snapshot));
    }

    @Override
    public Snapshot snapshot(String name) {
        return engine.vault().write(writer -> {
            cube.require(writer);
            find(writer, name).ifPresent(taken -> {
                throw MemoryException.invalid("Snapshot '" + name + "' of cube '" + cube.id() + "' was taken at "
                        + taken.takenAt() + " already. Choose another name, or delete it first.");
            });
            Snapshot snapshot = new Snapshot(name, engine.clock().single());
            writer.past().keep(key, snapshot);
            return snapshot;
        });
    }

    @Override
    public List<Snapshot> snapshots() {
        return read(reader -> reader.past().snapshots(key));
    }

    @Override
    public void deleteSnapshot(String name) {
        boolean there = engine.vault().write(writer -> {
            cube.require(writer);
            return writer.past().forget(key, name);
        });
        if (!there) {
            throw unknown(name);
        }
    }

    @Override
    public MemCube fork(CubeId newCube, Instant at) {
        Instant then = past(at);
        CubeRow made = engine.vault().write(writer -> {
            cube.require(writer);
            engine.requireFree(writer, newCube);
            String cause = "forked from " + cube.id() + " at " + then;
            CubeRow row = writer.past()
                    .fork(key, new Fork(newCube, then, engine.clock().instant(), cause));
            cut(writer, row.key(), cause);
            follow(writer, row.key(), "fork");
            return row;
        });
        return new EngineCube(engine, made);
    }

    /** Texts that were rewritten since have other passages and claims than the current ones. */
    private void cut(VaultWriter writer, CubeKey made, String cause) {
        List<Inserted> uncut = writer.past().uncut(made, 0, BATCH);
        while (!uncut.isEmpty()) {
            uncut.forEach(each -> writer.past().cut(made, engine.reader().revise(each.item(), cause)));
            uncut = writer.past().uncut(made, uncut.getLast().ordinal(), BATCH);
        }
    }

    /** What came back may need vectors, and its time to live may have ended meanwhile. */
    private void follow(VaultWriter writer, CubeKey changed, String cause) {
        engine.triggers().changed(writer, changed, cause);
        engine.timeToLive().plan(writer, changed);
    }

    /** Refuses what is still to come. */
    private Instant past(Instant instant) {
        Instant then = instant.isBefore(EARLIEST) ? EARLIEST : instant.truncatedTo(ChronoUnit.MILLIS);
        Instant now = engine.clock().instant();
        if (then.isAfter(now)) {
            throw MemoryException.invalid(
                    "It is " + now + ", and what will be known at " + then + " is not known yet. Name a time before.");
        }
        return then;
    }

    private Instant taken(String snapshot) {
        return read(reader -> find(reader, snapshot)).map(Snapshot::takenAt).orElseThrow(() -> unknown(snapshot));
    }

    private Optional<Snapshot> find(VaultReader reader, String name) {
        return reader.past().snapshots(key).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    private MemoryException unknown(String snapshot) {
        List<String> names = snapshots().stream().map(Snapshot::name).toList();
        return new MemoryException(
                ErrorCode.SNAPSHOT_NOT_FOUND,
                "Cube '" + cube.id() + "' has no snapshot '" + snapshot + "'. "
                        + (names.isEmpty()
                                ? "It has none; name an instant."
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
            follow(writer, key, "rollback");
            return result;
        });
        engine.indexes().catchUp(row);
        return changed;
    }
}
