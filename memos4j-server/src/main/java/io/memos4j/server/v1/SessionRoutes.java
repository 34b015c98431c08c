package io.memos4j.server.v1;

import io.memos4j.api.Page;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes for sessions and their working memory. */
final class SessionRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes/{cube}/sessions";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, RequiredAccess.READ, SessionRoutes::list),
                Route.get(ALL + "/{session}/working", RequiredAccess.READ, SessionRoutes::workingMemory));
    }

    private static void list(HttpExchange exchange) {
        Page<SessionInfo> page = exchange.cube()
                .sessions(
                        exchange.queryParameter("limit", 100, 1, ListRequest.MAX_LIMIT),
                        exchange.queryParameter("cursor").orElse(""));
        MemoryRoutes.respondPage(
                exchange,
                "sessions",
                page.items().stream().map(SessionRoutes::session).toList(),
                page.next());
    }

    private static Map<String, Object> session(SessionInfo session) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("session", session.session());
        json.put("items", session.items());
        json.put("first", session.first().toString());
        json.put("last", session.last().toString());
        return json;
    }

    private static void workingMemory(HttpExchange exchange) {
        ApiJson render = ApiJson.of(exchange);
        List<Map<String, Object>> items =
                exchange.cube().workingMemory(exchange.pathParameter("session")).items().stream()
                        .map(each -> workingItem(render, each))
                        .toList();
        exchange.ok(Map.of("items", items));
    }

    private static Map<String, Object> workingItem(ApiJson render, WorkingMemoryItem each) {
        Map<String, Object> json = render.item(each.item());
        json.put("heat", each.heat());
        json.put("touched", each.touchedAt().toString());
        json.put("cause", each.cause());
        return json;
    }
}
