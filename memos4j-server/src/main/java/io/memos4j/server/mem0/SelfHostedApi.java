package io.memos4j.server.mem0;

import io.memos4j.api.Permission;
import io.memos4j.api.Principal;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Json;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** mem0's self-hosted server, as its clients know it. */
public final class SelfHostedApi implements Surface {
    private static final String ONE = "/memories/{memory}";
    private static final int MOST = 1_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/memories", Need.WRITE, SelfHostedApi::add),
                Route.get("/memories", Need.READ, SelfHostedApi::list),
                Route.delete("/memories", Need.WRITE, SelfHostedApi::deleteAll),
                Route.get(ONE, Need.READ, SelfHostedApi::get),
                Route.put(ONE, Need.WRITE, SelfHostedApi::update),
                Route.delete(ONE, Need.WRITE, SelfHostedApi::delete),
                Route.get(
                        ONE + "/history",
                        Need.READ,
                        exchange -> exchange.ok(Operations.history(exchange, exchange.path("memory")))),
                Route.post("/search", Need.READ, SelfHostedApi::search),
                Route.get("/entities", Need.READ, exchange -> exchange.ok(Entities.list(exchange))),
                Route.delete("/entities/{type}/{entity}", Need.WRITE, SelfHostedApi::deleteEntity),
                Route.post("/reset", Need.SERVER, SelfHostedApi::reset));
    }

    @Override
    public Refusal refusal() {
        return Operations::refuse;
    }

    private static void add(Exchange exchange) {
        exchange.ok(Map.of("results", Adding.of(exchange).run(exchange, true)));
    }

    /** Without anybody named, everybody's. */
    private static void list(Exchange exchange) {
        var named = Scope.named(exchange::query);
        Scope scope = new Scope(named, named.isEmpty() ? Optional.of(everybody()) : Optional.empty());
        int most = exchange.query("top_k", exchange.query("limit", 100, 1, MOST), 0, MOST);
        exchange.ok(Map.of("results", Operations.list(exchange, scope, 0, most).items()));
    }

    private static JsonNode everybody() {
        return Json.read("{\"OR\": [{\"user_id\": \"*\"}, {}]}".getBytes(StandardCharsets.UTF_8));
    }

    private static void deleteAll(Exchange exchange) {
        Operations.deleteAll(exchange, new Scope(Scope.named(exchange::query), Optional.empty()));
        exchange.ok(Map.of("message", "All relevant memories deleted"));
    }

    private static void get(Exchange exchange) {
        exchange.ok(Holdings.find(exchange, exchange.path("memory"), Permission.READ)
                .<Object>map(held -> Operations.shown(exchange, held))
                .orElseGet(() -> Json.read("null".getBytes(StandardCharsets.UTF_8))));
    }

    private static void update(Exchange exchange) {
        Operations.update(exchange, exchange.path("memory"), exchange.body());
        exchange.ok(Map.of("message", "Memory updated successfully!"));
    }

    private static void delete(Exchange exchange) {
        Operations.delete(exchange, exchange.path("memory"));
        exchange.ok(Map.of("message", "Memory deleted successfully"));
    }

    private static void search(Exchange exchange) {
        Body body = exchange.body();
        Scope scope = new Scope(Scope.named(body::textIfGiven), body.node("filters"));
        exchange.ok(Map.of("results", Operations.search(exchange, scope, Operations.Question.of(body))));
    }

    private static void deleteEntity(Exchange exchange) {
        Entities.delete(exchange);
        exchange.ok(Map.of("message", "Entity deleted successfully!"));
    }

    /** Deletes the administrators' cubes. Those of tenants are not what the client of an administrator calls its memories. */
    private static void reset(Exchange exchange) {
        List<Principal> tenants = exchange.memos().governance().principals().stream()
                .filter(each -> !each.administrator())
                .toList();
        exchange.memos().cubes().stream()
                .filter(cube -> tenants.stream().noneMatch(tenant -> tenant.owns(cube)))
                .forEach(exchange.memos()::delete);
        exchange.ok(Map.of("message", "All memories reset"));
    }
}
