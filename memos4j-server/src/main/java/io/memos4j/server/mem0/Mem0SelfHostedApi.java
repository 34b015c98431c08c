package io.memos4j.server.mem0;

import io.memos4j.api.access.Permission;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The API of mem0's self-hosted server. */
public final class Mem0SelfHostedApi implements RouteGroup {
    private static final String ONE = "/memories/{memory}";
    private static final int MAX_MEMORIES = 1_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/memories", RequiredAccess.WRITE, Mem0SelfHostedApi::add),
                Route.get("/memories", RequiredAccess.READ, Mem0SelfHostedApi::list),
                Route.delete("/memories", RequiredAccess.WRITE, Mem0SelfHostedApi::deleteAll),
                Route.get(ONE, RequiredAccess.READ, Mem0SelfHostedApi::get),
                Route.put(ONE, RequiredAccess.WRITE, Mem0SelfHostedApi::update),
                Route.delete(ONE, RequiredAccess.WRITE, Mem0SelfHostedApi::delete),
                Route.get(
                        ONE + "/history",
                        RequiredAccess.READ,
                        exchange -> exchange.ok(Mem0Operations.history(exchange, exchange.pathParameter("memory")))),
                Route.post("/search", RequiredAccess.READ, Mem0SelfHostedApi::search),
                Route.get("/entities", RequiredAccess.READ, exchange -> exchange.ok(Mem0Entities.list(exchange))),
                Route.delete("/entities/{type}/{entity}", RequiredAccess.WRITE, Mem0SelfHostedApi::deleteEntity),
                Route.post("/reset", RequiredAccess.ADMINISTRATOR, Mem0SelfHostedApi::reset));
    }

    @Override
    public ErrorWriter errorWriter() {
        return Mem0Operations::refuse;
    }

    private static void add(HttpExchange exchange) {
        exchange.ok(Map.of("results", Mem0AddRequest.of(exchange).execute(exchange, true)));
    }

    /** Lists memories; those of all owners if none is named. */
    private static void list(HttpExchange exchange) {
        var named = Mem0Scope.named(exchange::queryParameter);
        Mem0Scope scope = new Mem0Scope(named, named.isEmpty() ? Optional.of(allOwners()) : Optional.empty());
        int most = exchange.queryParameter(
                "top_k", exchange.queryParameter("limit", 100, 1, MAX_MEMORIES), 0, MAX_MEMORIES);
        exchange.ok(
                Map.of("results", Mem0Operations.list(exchange, scope, 0, most).items()));
    }

    private static JsonNode allOwners() {
        return BoundedJson.read("{\"OR\": [{\"user_id\": \"*\"}, {}]}".getBytes(StandardCharsets.UTF_8));
    }

    private static void deleteAll(HttpExchange exchange) {
        Mem0Operations.deleteAll(exchange, new Mem0Scope(Mem0Scope.named(exchange::queryParameter), Optional.empty()));
        exchange.ok(Map.of("message", "All relevant memories deleted"));
    }

    private static void get(HttpExchange exchange) {
        exchange.ok(MemoryLookup.findItem(exchange, exchange.pathParameter("memory"), Permission.READ)
                .<Object>map(held -> Mem0Operations.itemJson(exchange, held))
                .orElseGet(() -> BoundedJson.read("null".getBytes(StandardCharsets.UTF_8))));
    }

    private static void update(HttpExchange exchange) {
        Mem0Operations.prepareUpdate(exchange, exchange.pathParameter("memory"), exchange.body())
                .apply(exchange);
        exchange.ok(Map.of("message", "Memory updated successfully!"));
    }

    private static void delete(HttpExchange exchange) {
        Mem0Operations.delete(exchange, List.of(exchange.pathParameter("memory")));
        exchange.ok(Map.of("message", "Memory deleted successfully"));
    }

    private static void search(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Mem0Scope scope = new Mem0Scope(Mem0Scope.named(body::optionalText), body.node("filters"));
        exchange.ok(Map.of("results", Mem0Operations.search(exchange, scope, Mem0Operations.SearchQuery.of(body))));
    }

    private static void deleteEntity(HttpExchange exchange) {
        Mem0Entities.delete(exchange);
        exchange.ok(Map.of("message", "Entity deleted successfully!"));
    }

    /** Deletes the administrators' cubes. Tenants' cubes are not part of an administrator's memories. */
    private static void reset(HttpExchange exchange) {
        exchange.memos().cubes().stream().filter(exchange::isOwn).forEach(exchange.memos()::delete);
        exchange.ok(Map.of("message", "All memories reset"));
    }
}
