package io.memos4j.server.v1;

import io.memos4j.api.items.Selection;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;

/** Routes that erase with a receipt and verify one. */
final class ErasureRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/cubes/{cube}/erasures", RequiredAccess.WRITE, ErasureRoutes::erase),
                Route.post("/v1/erasures/verify", RequiredAccess.ADMINISTRATOR, ErasureRoutes::verify));
    }

    private static void erase(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Selection selection = MemoryRoutes.selection(body);
        body.rejectUnknownFields();
        exchange.ok(ErasureJson.receipt(exchange.cube().erase(selection)));
    }

    private static void verify(HttpExchange exchange) {
        exchange.ok(ErasureJson.verification(exchange.memos().verifyErasure(ErasureJson.parse(exchange.body()))));
    }
}
