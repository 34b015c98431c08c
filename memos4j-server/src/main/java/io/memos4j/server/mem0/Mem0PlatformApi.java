package io.memos4j.server.mem0;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Feedback;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The API of mem0's hosted platform: the routes of version 3, and those of versions 1 and 2 that clients still use. */
public final class Mem0PlatformApi implements RouteGroup {
    private static final String ONE = "/v1/memories/{memory}";

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.get("/v1/ping", RequiredAccess.READ, Mem0PlatformApi::ping),
                Route.post("/v3/memories/add", RequiredAccess.WRITE, Mem0PlatformApi::addLater),
                Route.post("/v1/memories", RequiredAccess.WRITE, Mem0PlatformApi::add),
                Route.post("/v3/memories/search", RequiredAccess.READ, exchange -> search(exchange, true)),
                Route.post("/v2/memories/search", RequiredAccess.READ, exchange -> search(exchange, false)),
                Route.post("/v1/memories/search", RequiredAccess.READ, exchange -> search(exchange, false)),
                Route.post("/v3/memories", RequiredAccess.READ, Mem0PlatformApi::list),
                Route.post("/v2/memories", RequiredAccess.READ, Mem0PlatformApi::list),
                Route.get("/v1/memories", RequiredAccess.READ, Mem0PlatformApi::listOld),
                Route.delete("/v1/memories", RequiredAccess.WRITE, Mem0PlatformApi::deleteAll),
                Route.get(ONE, RequiredAccess.READ, Mem0PlatformApi::get),
                Route.put(ONE, RequiredAccess.WRITE, Mem0PlatformApi::update),
                Route.delete(ONE, RequiredAccess.WRITE, Mem0PlatformApi::delete),
                Route.get(
                        ONE + "/history",
                        RequiredAccess.READ,
                        exchange -> exchange.ok(Mem0Operations.history(exchange, exchange.pathParameter("memory")))),
                Route.get("/v1/event/{event}", RequiredAccess.READ, Mem0PlatformApi::event),
                Route.get("/v1/entities", RequiredAccess.READ, Mem0PlatformApi::entities),
                Route.put("/v1/batch", RequiredAccess.WRITE, Mem0PlatformApi::updateSeveral),
                Route.delete("/v1/batch", RequiredAccess.WRITE, Mem0PlatformApi::deleteSeveral),
                Route.post("/v1/feedback", RequiredAccess.WRITE, Mem0PlatformApi::feedback)));
        for (String version : List.of("/v1", "/v2")) {
            routes.add(Route.delete(
                    version + "/entities/{type}/{entity}", RequiredAccess.WRITE, Mem0PlatformApi::deleteEntity));
        }
        return List.copyOf(routes);
    }

    @Override
    public ErrorWriter errorWriter() {
        return Mem0Operations::refuse;
    }

    /** Reveals nothing about the caller, because clients forward the response to a telemetry service. */
    private static void ping(HttpExchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "ok");
        json.put("org_id", "memos4j");
        json.put("project_id", "default");
        exchange.ok(json);
    }

    private static void addLater(HttpExchange exchange) {
        Mem0AddRequest adding = Mem0AddRequest.of(exchange);
        List<Map<String, Object>> added = adding.execute(exchange, false);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("message", "Memory processing has been queued for background execution");
        json.put("status", "PENDING");
        json.put("event_id", adding.event());
        json.put("results", added);
        exchange.ok(json);
    }

    private static void add(HttpExchange exchange) {
        exchange.ok(Map.of("results", Mem0AddRequest.of(exchange).execute(exchange, true)));
    }

    private static Mem0Scope scope(JsonBody body) {
        return new Mem0Scope(Mem0Scope.named(body::optionalText), body.node("filters"));
    }

    /** @param wrapped whether the response is an object with the list; otherwise only if {@code v1.1} was requested */
    private static void search(HttpExchange exchange, boolean wrapped) {
        JsonBody body = exchange.body();
        List<Map<String, Object>> found =
                Mem0Operations.search(exchange, scope(body), Mem0Operations.SearchQuery.of(body));
        boolean asked = body.text("output_format", "").equals("v1.1");
        exchange.ok(wrapped || asked ? Map.of("results", found) : found);
    }

    private static void list(HttpExchange exchange) {
        JsonBody body = exchange.body();
        PageQuery page = PageQuery.of(
                exchange,
                body.integer("page", 1, 1, Integer.MAX_VALUE),
                body.integer("page_size", PageQuery.DEFAULT_SIZE, 1, PageQuery.MAX_SIZE));
        Mem0Operations.Listing listed = Mem0Operations.list(exchange, scope(body), page.from(), page.size);
        exchange.ok(page.json(exchange.context().path(), listed));
    }

    /** The requested page of a list, numbered from 1. */
    private record PageQuery(int page, int size) {
        static final int DEFAULT_SIZE = 100;
        static final int MAX_SIZE = 1_000;

        static PageQuery of(HttpExchange exchange) {
            return of(exchange, 1, DEFAULT_SIZE);
        }

        static PageQuery of(HttpExchange exchange, int defaultPage, int defaultSize) {
            return new PageQuery(
                    exchange.queryParameter("page", defaultPage, 1, Integer.MAX_VALUE),
                    exchange.queryParameter("page_size", defaultSize, 1, MAX_SIZE));
        }

        long from() {
            return (long) (page - 1) * size;
        }

        /** Renders the page with links to the next and the previous one. */
        Map<String, Object> json(String path, Mem0Operations.Listing listed) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("count", listed.total());
            json.put("next", (long) page * size < listed.total() ? link(path, page + 1) : null);
            json.put("previous", page > 1 ? link(path, page - 1) : null);
            json.put("results", listed.items());
            return json;
        }

        private String link(String path, int target) {
            return path + "?page=" + target + "&page_size=" + size;
        }
    }

    private static void listOld(HttpExchange exchange) {
        Mem0Scope scope = new Mem0Scope(Mem0Scope.named(exchange::queryParameter), Optional.empty());
        PageQuery page = PageQuery.of(exchange);
        exchange.ok(Mem0Operations.list(exchange, scope, page.from(), page.size).items());
    }

    private static void deleteAll(HttpExchange exchange) {
        Mem0Operations.deleteAll(exchange, new Mem0Scope(Mem0Scope.named(exchange::queryParameter), Optional.empty()));
        exchange.ok(Map.of("message", "Memories deleted successfully!"));
    }

    private static void get(HttpExchange exchange) {
        exchange.ok(Mem0Operations.itemJson(
                exchange, Mem0Operations.requireItem(exchange, exchange.pathParameter("memory"), Permission.READ)));
    }

    private static void update(HttpExchange exchange) {
        Map<String, Object> json = Mem0Operations.prepareUpdate(
                        exchange, exchange.pathParameter("memory"), exchange.body())
                .apply(exchange);
        json.put("message", "Memory updated successfully!");
        json.put("text", json.get("memory"));
        exchange.ok(json);
    }

    private static void delete(HttpExchange exchange) {
        Mem0Operations.delete(exchange, List.of(exchange.pathParameter("memory")));
        exchange.ok(Map.of("message", "Memory deleted successfully!"));
    }

    private static void event(HttpExchange exchange) {
        String id = exchange.pathParameter("event");
        AddProgress progress = AddProgress.find(exchange, id, List.of())
                .orElseThrow(() -> new MemoryException(ErrorCode.TASK_NOT_FOUND, "Event " + id + " not found"));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("event_id", id);
        json.put("event_type", "ADD");
        json.put("status", progress.mem0Status());
        exchange.ok(json);
    }

    private static void entities(HttpExchange exchange) {
        List<Map<String, Object>> all = Mem0Entities.list(exchange);
        PageQuery page = PageQuery.of(exchange);
        List<Map<String, Object>> shown =
                all.stream().skip(page.from()).limit(page.size).toList();
        exchange.ok(page.json(exchange.context().path(), new Mem0Operations.Listing(shown, all.size())));
    }

    private static void deleteEntity(HttpExchange exchange) {
        Mem0Entities.delete(exchange);
        exchange.ok(Map.of("message", "Entity deleted successfully!"));
    }

    private static void updateSeveral(HttpExchange exchange) {
        List<JsonBody> memories = exchange.body().objects("memories");
        memories.stream()
                .map(each -> Mem0Operations.prepareUpdate(exchange, each.text("memory_id"), each))
                .toList()
                .forEach(prepared -> prepared.apply(exchange));
        exchange.ok(Map.of("message", "Successfully updated " + memories.size() + " memories"));
    }

    private static void deleteSeveral(HttpExchange exchange) {
        List<JsonBody> memories = exchange.body().objects("memories");
        Mem0Operations.delete(
                exchange, memories.stream().map(each -> each.text("memory_id")).toList());
        exchange.ok(Map.of("message", "Successfully deleted " + memories.size() + " memories"));
    }

    private static void feedback(HttpExchange exchange) {
        JsonBody body = exchange.body();
        String id = body.text("memory_id");
        String word = body.text("feedback", "").toUpperCase(Locale.ROOT);
        MemoryLookup.LocatedItem held = Mem0Operations.requireItem(exchange, id, Permission.WRITE);
        switch (word) {
            case "POSITIVE" -> held.cube().feedback(Feedback.helpful(held.item().id()));
            case "NEGATIVE", "VERY_NEGATIVE" ->
                held.cube().feedback(Feedback.unhelpful(held.item().id()));
            default -> throw MemoryException.invalid("'feedback' must be POSITIVE, NEGATIVE or VERY_NEGATIVE.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("feedback", word);
        json.put("feedback_reason", body.text("feedback_reason", ""));
        exchange.ok(json);
    }
}
