package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.DiffRequest;
import io.memos4j.api.ItemChange;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.Permission;
import io.memos4j.api.Snapshot;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The time machine: differences, rollbacks, snapshots, forks. */
final class Past implements Surface {
    private static final String CUBE = "/v1/cubes/{cube}";
    private static final String SNAPSHOTS = CUBE + "/snapshots";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(CUBE + "/diff", Need.READ, Past::diff),
                Route.post(CUBE + "/rollback", Need.ADMIN, Past::rollback),
                Route.get(SNAPSHOTS, Need.READ, Past::snapshots),
                Route.put(SNAPSHOTS + "/{name}", Need.WRITE, Past::snapshot),
                Route.delete(SNAPSHOTS + "/{name}", Need.ADMIN, Past::deleteSnapshot),
                Route.post(CUBE + "/fork", Need.WRITE, Past::fork));
    }

    private static void diff(Exchange exchange) {
        MemCube cube = exchange.cube();
        Instant from = exchange.queryInstant("from")
                .orElseThrow(() -> MemoryException.invalid("Parameter 'from' is missing. Give an instant."));
        Instant to = exchange.queryInstant("to").orElseGet(cube.time()::mark);
        Page<ItemChange> page = cube.time()
                .diff(DiffRequest.between(from, to)
                        .limit(exchange.query("limit", 100, 1, DiffRequest.MAX_LIMIT))
                        .after(exchange.query("cursor").orElse("")));
        Shapes shapes = new Shapes(exchange::shown);
        Memories.page(
                exchange, "changes", page.items().stream().map(shapes::change).toList(), page.next());
    }

    private static void rollback(Exchange exchange) {
        Body body = exchange.body();
        Optional<Instant> to = body.instant("to");
        Optional<String> snapshot = body.textIfGiven("snapshot");
        body.done();
        if (to.isPresent() == snapshot.isPresent()) {
            throw MemoryException.invalid("Say where to roll back to by exactly one of 'to' and 'snapshot'.");
        }
        MemCube cube = exchange.cube();
        exchange.ok(Shapes.rollback(
                snapshot.map(cube.time()::rollback).orElseGet(() -> cube.time().rollback(to.orElseThrow()))));
    }

    private static Map<String, Object> json(Snapshot snapshot) {
        return Map.of("name", snapshot.name(), "taken", snapshot.takenAt().toString());
    }

    private static void snapshots(Exchange exchange) {
        exchange.ok(Map.of(
                "snapshots",
                exchange.cube().time().snapshots().stream().map(Past::json).toList()));
    }

    private static void snapshot(Exchange exchange) {
        exchange.target(exchange.path("name"));
        exchange.answer(201, json(exchange.cube().time().snapshot(exchange.path("name"))));
    }

    private static void deleteSnapshot(Exchange exchange) {
        exchange.target(exchange.path("name"));
        exchange.cube().time().deleteSnapshot(exchange.path("name"));
        exchange.done();
    }

    /** The new cube lies in the caller's own space. */
    private static void fork(Exchange exchange) {
        Body body = exchange.body();
        String name = body.text("cube");
        Optional<Instant> at = body.instant("at");
        body.done();
        MemCube source = exchange.cube();
        CubeId fork = exchange.permitted(name, Permission.ADMIN);
        if (!exchange.identity().principal().owns(fork)) {
            throw MemoryException.invalid("A fork lies in your own space: choose a name without '@'.");
        }
        MemCube made = source.time().fork(fork, at.orElseGet(source.time()::mark));
        exchange.answer(201, new Shapes(exchange::shown).cube(made.describe()));
    }
}
