package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.Map;

/** Routes for provenance: explanations, related memories, supersession. */
final class ProvenanceRoutes implements RouteGroup {
    private static final String ONE = "/v1/cubes/{cube}/memories/{id}";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ONE + "/why", RequiredAccess.READ, ProvenanceRoutes::why),
                Route.get(ONE + "/related", RequiredAccess.READ, ProvenanceRoutes::related),
                Route.post(ONE + "/supersede", RequiredAccess.WRITE, ProvenanceRoutes::supersede),
                Route.post(ONE + "/reinstate", RequiredAccess.WRITE, ProvenanceRoutes::reinstate));
    }

    private static void why(HttpExchange exchange) {
        MemCube cube = exchange.cube();
        exchange.ok(ApiJson.of(exchange).explanation(cube.explain(MemoryRoutes.itemId(exchange))));
    }

    private static void related(HttpExchange exchange) {
        ApiJson render = ApiJson.of(exchange);
        MemCube cube = exchange.cube();
        ItemId id = MemoryRoutes.itemId(exchange);
        MemoryRoutes.requireItem(cube, id);
        exchange.ok(
                Map.of("related", cube.related(id).stream().map(render::related).toList()));
    }

    private static void supersede(HttpExchange exchange) {
        JsonBody body = exchange.body();
        ItemId successor = ItemId.parse(body.text("successor"));
        String reason = body.text("reason", "");
        body.rejectUnknownFields();
        exchange.ok(
                ApiJson.of(exchange).item(exchange.cube().supersede(MemoryRoutes.itemId(exchange), successor, reason)));
    }

    private static void reinstate(HttpExchange exchange) {
        exchange.ok(ApiJson.of(exchange).item(exchange.cube().reinstate(MemoryRoutes.itemId(exchange))));
    }
}
