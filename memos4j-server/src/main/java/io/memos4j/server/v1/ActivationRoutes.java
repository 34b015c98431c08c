package io.memos4j.server.v1;

import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.Map;

/** Routes for activation memory: the memories at the start of a cube's prompts, and their KV caches. */
final class ActivationRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes/{cube}/activations";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        ALL,
                        RequiredAccess.READ,
                        exchange -> show(exchange, memory(exchange).list())),
                Route.get(ALL + "/promoted", RequiredAccess.READ, ActivationRoutes::promoted),
                Route.post(
                        ALL + "/compile",
                        RequiredAccess.WRITE,
                        exchange -> show(exchange, memory(exchange).compile())),
                Route.delete(ALL + "/{activation}", RequiredAccess.WRITE, ActivationRoutes::drop));
    }

    private static ActivationMemory memory(HttpExchange exchange) {
        return exchange.cube().activations();
    }

    private static void show(HttpExchange exchange, List<KvCacheEntry> activations) {
        ApiJson render = ApiJson.of(exchange);
        exchange.ok(Map.of(
                "activations", activations.stream().map(render::activation).toList()));
    }

    private static void promoted(HttpExchange exchange) {
        ApiJson render = ApiJson.of(exchange);
        exchange.ok(Map.of(
                "promoted",
                memory(exchange).promoted().stream().map(render::promotion).toList()));
    }

    /** Drops a cache. It is recomputed when needed, so a missing one is not an error. */
    private static void drop(HttpExchange exchange) {
        String id = exchange.pathParameter("activation");
        exchange.auditTarget(id);
        exchange.ok(Map.of("dropped", memory(exchange).drop(id)));
    }
}
