package io.memos4j.server.mem0;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Feedback;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Progress;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** mem0's platform, as its clients know it: the paths of version 3, and those of versions 1 and 2 that clients still call. */
public final class PlatformApi implements Surface {
    private static final String ONE = "/v1/memories/{memory}";
    private static final int LARGEST_PAGE = 1_000;

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.get("/v1/ping", Need.READ, PlatformApi::ping),
                Route.post("/v3/memories/add", Need.WRITE, PlatformApi::addLater),
                Route.post("/v1/memories", Need.WRITE, PlatformApi::add),
                Route.post("/v3/memories/search", Need.READ, exchange -> search(exchange, true)),
                Route.post("/v2/memories/search", Need.READ, exchange -> search(exchange, false)),
                Route.post("/v1/memories/search", Need.READ, exchange -> search(exchange, false)),
                Route.post("/v3/memories", Need.READ, PlatformApi::list),
                Route.post("/v2/memories", Need.READ, PlatformApi::list),
                Route.get("/v1/memories", Need.READ, PlatformApi::listOld),
                Route.delete("/v1/memories", Need.WRITE, PlatformApi::deleteAll),
                Route.get(ONE, Need.READ, PlatformApi::get),
                Route.put(ONE, Need.WRITE, PlatformApi::update),
                Route.delete(ONE, Need.WRITE, PlatformApi::delete),
                Route.get(
                        ONE + "/history",
                        Need.READ,
                        exchange -> exchange.ok(Operations.history(exchange, exchange.path("memory")))),
                Route.get("/v1/event/{event}", Need.READ, PlatformApi::event),
                Route.get("/v1/entities", Need.READ, PlatformApi::entities),
                Route.put("/v1/batch", Need.WRITE, PlatformApi::updateSeveral),
                Route.delete("/v1/batch", Need.WRITE, PlatformApi::deleteSeveral),
                Route.post("/v1/feedback", Need.WRITE, PlatformApi::feedback)));
        for (String version : List.of("/v1", "/v2")) {
            routes.add(Route.delete(version + "/entities/{type}/{entity}", Need.WRITE, PlatformApi::deleteEntity));
        }
        return List.copyOf(routes);
    }

    @Override
    public Refusal refusal() {
        return Operations::refuse;
    }

    /** Tells nothing of the caller: clients pass it on to a service that counts them. */
    private static void ping(Exchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "ok");
        json.put("org_id", "memos4j");
        json.put("project_id", "default");
        exchange.ok(json);
    }

    private static void addLater(Exchange exchange) {
        Adding adding = Adding.of(exchange);
        List<Map<String, Object>> added = adding.run(exchange, false);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("message", "Memory processing has been queued for background execution");
        json.put("status", "PENDING");
        json.put("event_id", adding.event());
        json.put("results", added);
        exchange.ok(json);
    }

    private static void add(Exchange exchange) {
        exchange.ok(Map.of("results", Adding.of(exchange).run(exchange, true)));
    }

    private static Scope scope(Body body) {
        return new Scope(Scope.named(body::textIfGiven), body.node("filters"));
    }

    /** @param wrapped whether the list is a field of the answer; else only if asked for as {@code v1.1} */
    private static void search(Exchange exchange, boolean wrapped) {
        Body body = exchange.body();
        List<Map<String, Object>> found = Operations.search(exchange, scope(body), Operations.Question.of(body));
        boolean asked = body.text("output_format", "").equals("v1.1");
        exchange.ok(wrapped || asked ? Map.of("results", found) : found);
    }

    private static void list(Exchange exchange) {
        Body body = exchange.body();
        int page = exchange.query("page", body.integer("page", 1, 1, Integer.MAX_VALUE), 1, Integer.MAX_VALUE);
        int size = exchange.query("page_size", body.integer("page_size", 100, 1, LARGEST_PAGE), 1, LARGEST_PAGE);
        Operations.Listed listed = Operations.list(exchange, scope(body), (long) (page - 1) * size, size);
        String path = exchange.context().path();
        boolean more = (long) page * size < listed.total();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", listed.total());
        json.put("next", more ? page(path, page + 1, size) : null);
        json.put("previous", page > 1 ? page(path, page - 1, size) : null);
        json.put("results", listed.items());
        exchange.ok(json);
    }

    private static String page(String path, int page, int size) {
        return path + "?page=" + page + "&page_size=" + size;
    }

    private static void listOld(Exchange exchange) {
        Scope scope = new Scope(Scope.named(exchange::query), Optional.empty());
        int page = exchange.query("page", 1, 1, Integer.MAX_VALUE);
        int size = exchange.query("page_size", 100, 1, LARGEST_PAGE);
        exchange.ok(
                Operations.list(exchange, scope, (long) (page - 1) * size, size).items());
    }

    private static void deleteAll(Exchange exchange) {
        Operations.deleteAll(exchange, new Scope(Scope.named(exchange::query), Optional.empty()));
        exchange.ok(Map.of("message", "Memories deleted successfully!"));
    }

    private static void get(Exchange exchange) {
        exchange.ok(Operations.shown(exchange, Operations.held(exchange, exchange.path("memory"), Permission.READ)));
    }

    private static void update(Exchange exchange) {
        Map<String, Object> json = Operations.update(exchange, exchange.path("memory"), exchange.body());
        json.put("message", "Memory updated successfully!");
        json.put("text", json.get("memory"));
        exchange.ok(json);
    }

    private static void delete(Exchange exchange) {
        Operations.delete(exchange, exchange.path("memory"));
        exchange.ok(Map.of("message", "Memory deleted successfully!"));
    }

    private static void event(Exchange exchange) {
        String id = exchange.path("event");
        Progress progress = Progress.of(exchange, id, List.of())
                .orElseThrow(() -> new MemoryException(ErrorCode.TASK_NOT_FOUND, "Event " + id + " not found"));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("event_id", id);
        json.put("event_type", "ADD");
        json.put("status", progress.inMem0());
        exchange.ok(json);
    }

    private static void entities(Exchange exchange) {
        List<Map<String, Object>> all = Entities.list(exchange);
        int page = exchange.query("page", 1, 1, Integer.MAX_VALUE);
        int size = exchange.query("page_size", 100, 1, LARGEST_PAGE);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", all.size());
        json.put(
                "next",
                (long) page * size < all.size() ? page(exchange.context().path(), page + 1, size) : null);
        json.put("previous", page > 1 ? page(exchange.context().path(), page - 1, size) : null);
        json.put(
                "results",
                all.stream().skip((long) (page - 1) * size).limit(size).toList());
        exchange.ok(json);
    }

    private static void deleteEntity(Exchange exchange) {
        Entities.delete(exchange);
        exchange.ok(Map.of("message", "Entity deleted successfully!"));
    }

    private static void updateSeveral(Exchange exchange) {
        List<Body> memories = exchange.body().objects("memories");
        memories.forEach(each -> Operations.update(exchange, each.text("memory_id"), each));
        exchange.ok(Map.of("message", "Successfully updated " + memories.size() + " memories"));
    }

    private static void deleteSeveral(Exchange exchange) {
        List<Body> memories = exchange.body().objects("memories");
        memories.forEach(each -> Operations.delete(exchange, each.text("memory_id")));
        exchange.ok(Map.of("message", "Successfully deleted " + memories.size() + " memories"));
    }

    private static void feedback(Exchange exchange) {
        Body body = exchange.body();
        String id = body.text("memory_id");
        String word = body.text("feedback", "").toUpperCase(Locale.ROOT);
        Holdings.Held held = Operations.held(exchange, id, Permission.WRITE);
        switch (word) {
            case "POSITIVE" -> held.cube().feedback(Feedback.helpful(held.item().id()));
            case "NEGATIVE", "VERY_NEGATIVE" ->
                held.cube().feedback(Feedback.unhelpful(held.item().id()));
            default -> throw MemoryException.invalid("'feedback' is POSITIVE, NEGATIVE or VERY_NEGATIVE.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("feedback", word);
        json.put("feedback_reason", body.text("feedback_reason", ""));
        exchange.ok(json);
    }
}
