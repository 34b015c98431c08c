package io.memos4j.server.v1;

import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes for liveness and readiness. */
final class HealthRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/health", RequiredAccess.PUBLIC, exchange -> exchange.ok(Map.of("status", "ok"))),
                Route.get("/v1/ready", RequiredAccess.READ, HealthRoutes::ready));
    }

    /** Reads the vault, which throws if the engine cannot work. */
    private static void ready(HttpExchange exchange) {
        exchange.memos().cubes();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "ready");
        json.put("paused", exchange.memos().scheduler().status().paused());
        exchange.ok(json);
    }
}
