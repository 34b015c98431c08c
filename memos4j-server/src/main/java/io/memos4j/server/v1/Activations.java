package io.memos4j.server.v1;

import io.memos4j.api.Activation;
import io.memos4j.api.ActivationMemory;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;
import java.util.Map;

/** What stands at the beginning of a cube's prompts, and its computed form. */
final class Activations implements Surface {
    private static final String ALL = "/v1/cubes/{cube}/activations";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        ALL,
                        Need.READ,
                        exchange -> show(exchange, memory(exchange).list())),
                Route.get(ALL + "/promoted", Need.READ, Activations::promoted),
                Route.post(
                        ALL + "/compile",
                        Need.WRITE,
                        exchange -> show(exchange, memory(exchange).compile())),
                Route.delete(ALL + "/{activation}", Need.WRITE, Activations::drop));
    }

    private static ActivationMemory memory(Exchange exchange) {
        return exchange.cube().activations();
    }

    private static void show(Exchange exchange, List<Activation> activations) {
        Shapes shapes = new Shapes(exchange::shown);
        exchange.ok(Map.of(
                "activations", activations.stream().map(shapes::activation).toList()));
    }

    private static void promoted(Exchange exchange) {
        Shapes shapes = new Shapes(exchange::shown);
        exchange.ok(Map.of(
                "promoted",
                memory(exchange).promoted().stream().map(shapes::promotion).toList()));
    }

    /** It is computed anew when it is needed: one that is not there is as good as dropped. */
    private static void drop(Exchange exchange) {
        String id = exchange.path("activation");
        exchange.target(id);
        exchange.ok(Map.of("dropped", memory(exchange).drop(id)));
    }
}
