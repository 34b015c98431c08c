package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;
import java.util.Map;

/** Why a cube says something, what belongs to it, and which of two statements holds. */
final class Provenance implements Surface {
    private static final String ONE = "/v1/cubes/{cube}/memories/{id}";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ONE + "/why", Need.READ, Provenance::why),
                Route.get(ONE + "/related", Need.READ, Provenance::related),
                Route.post(ONE + "/supersede", Need.WRITE, Provenance::supersede),
                Route.post(ONE + "/reinstate", Need.WRITE, Provenance::reinstate));
    }

    private static void why(Exchange exchange) {
        MemCube cube = exchange.cube();
        exchange.ok(new Shapes(exchange::shown).explanation(cube.explain(Memories.id(exchange))));
    }

    private static void related(Exchange exchange) {
        Shapes shapes = new Shapes(exchange::shown);
        MemCube cube = exchange.cube();
        ItemId id = Memories.id(exchange);
        Memories.existing(cube, id);
        exchange.ok(
                Map.of("related", cube.related(id).stream().map(shapes::related).toList()));
    }

    private static void supersede(Exchange exchange) {
        Body body = exchange.body();
        ItemId successor = ItemId.parse(body.text("successor"));
        String reason = body.text("reason", "");
        body.done();
        exchange.ok(
                new Shapes(exchange::shown).item(exchange.cube().supersede(Memories.id(exchange), successor, reason)));
    }

    private static void reinstate(Exchange exchange) {
        exchange.ok(new Shapes(exchange::shown).item(exchange.cube().reinstate(Memories.id(exchange))));
    }
}
