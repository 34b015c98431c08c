package io.memos4j.server.v1;

import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.operations.HealthMonitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes for liveness and readiness: both try the storage. */
final class HealthRoutes implements RouteGroup {
    private final HealthMonitor health;

    HealthRoutes(HealthMonitor health) {
        this.health = health;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/health", RequiredAccess.PUBLIC, this::health),
                Route.get("/v1/ready", RequiredAccess.READ, this::ready));
    }

    /** Names no file: anybody may ask. */
    private void health(HttpExchange exchange) {
        HealthMonitor.Verdict verdict = health.check();
        if (!verdict.alive()) {
            throw new MemoryException(
                    verdict.problem().orElseThrow().code(),
                    "The storage has not worked for a while; GET /v1/ready and the log say why. Restart the process.");
        }
        exchange.ok(Map.of("status", "ok"));
    }

    private void ready(HttpExchange exchange) {
        health.requireReady();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "ready");
        json.put("paused", exchange.memos().scheduler().status().paused());
        exchange.ok(json);
    }
}
