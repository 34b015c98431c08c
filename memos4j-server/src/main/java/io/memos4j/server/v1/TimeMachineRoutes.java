package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.Permission;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.Snapshot;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routes for the time machine: differences, rollbacks, snapshots, forks. */
final class TimeMachineRoutes implements RouteGroup {
    private static final String CUBE = "/v1/cubes/{cube}";
    private static final String SNAPSHOTS = CUBE + "/snapshots";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(CUBE + "/diff", RequiredAccess.READ, TimeMachineRoutes::diff),
                Route.post(CUBE + "/rollback", RequiredAccess.ADMIN, TimeMachineRoutes::rollback),
                Route.get(SNAPSHOTS, RequiredAccess.READ, TimeMachineRoutes::snapshots),
                Route.put(SNAPSHOTS + "/{name}", RequiredAccess.WRITE, TimeMachineRoutes::snapshot),
                Route.delete(SNAPSHOTS + "/{name}", RequiredAccess.ADMIN, TimeMachineRoutes::deleteSnapshot),
                Route.post(CUBE + "/fork", RequiredAccess.WRITE, TimeMachineRoutes::fork));
    }

    private static void diff(HttpExchange exchange) {
        MemCube cube = exchange.cube();
        Instant from = exchange.queryInstant("from")
                .orElseThrow(() -> MemoryException.invalid("Parameter 'from' is missing. Give an instant."));
        Instant to = exchange.queryInstant("to").orElseGet(cube.time()::mark);
        Page<ItemChange> page = cube.time()
                .diff(DiffRequest.between(from, to)
                        .limit(exchange.queryParameter("limit", 100, 1, DiffRequest.MAX_LIMIT))
                        .after(exchange.queryParameter("cursor").orElse("")));
        ApiJson render = ApiJson.of(exchange);
        MemoryRoutes.respondPage(
                exchange, "changes", page.items().stream().map(render::change).toList(), page.next());
    }

    private static void rollback(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Optional<Instant> to = body.instant("to");
        Optional<String> snapshot = body.optionalText("snapshot");
        body.rejectUnknownFields();
        if (to.isPresent() == snapshot.isPresent()) {
            throw MemoryException.invalid("Give exactly one of 'to' and 'snapshot' as the target of the rollback.");
        }
        MemCube cube = exchange.cube();
        exchange.ok(ApiJson.rollback(
                snapshot.map(cube.time()::rollback).orElseGet(() -> cube.time().rollback(to.orElseThrow()))));
    }

    private static Map<String, Object> json(Snapshot snapshot) {
        return Map.of("name", snapshot.name(), "taken", snapshot.takenAt().toString());
    }

    private static void snapshots(HttpExchange exchange) {
        exchange.ok(Map.of(
                "snapshots",
                exchange.cube().time().snapshots().stream()
                        .map(TimeMachineRoutes::json)
                        .toList()));
    }

    private static void snapshot(HttpExchange exchange) {
        exchange.auditTarget(exchange.pathParameter("name"));
        exchange.respond(201, json(exchange.cube().time().snapshot(exchange.pathParameter("name"))));
    }

    private static void deleteSnapshot(HttpExchange exchange) {
        exchange.auditTarget(exchange.pathParameter("name"));
        exchange.cube().time().deleteSnapshot(exchange.pathParameter("name"));
        exchange.noContent();
    }

    /** Forks a cube into the caller's own space. */
    private static void fork(HttpExchange exchange) {
        JsonBody body = exchange.body();
        String name = body.text("cube");
        Optional<Instant> at = body.instant("at");
        body.rejectUnknownFields();
        MemCube source = exchange.cube();
        CubeId fork = exchange.requirePermission(name, Permission.ADMIN);
        if (!exchange.identity().principal().owns(fork)) {
            throw MemoryException.invalid("A fork must be in your own space. Choose a name without '@'.");
        }
        MemCube made = source.time().fork(fork, at.orElseGet(source.time()::mark));
        exchange.respond(201, ApiJson.of(exchange).cube(made.describe()));
    }
}
