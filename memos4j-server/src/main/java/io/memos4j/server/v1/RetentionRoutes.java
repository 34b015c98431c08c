package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What conversations have at hand, how memories age, and what users say of them. */
final class RetentionRoutes implements RouteGroup {
    private static final String CUBE = "/v1/cubes/{cube}";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(CUBE + "/sessions", RequiredAccess.READ, RetentionRoutes::sessions),
                Route.get(CUBE + "/sessions/{session}/working", RequiredAccess.READ, RetentionRoutes::working),
                Route.get(
                        CUBE + "/policy",
                        RequiredAccess.READ,
                        exchange -> exchange.ok(ApiJson.policy(exchange.cube().policy()))),
                Route.put(CUBE + "/policy", RequiredAccess.ADMIN, RetentionRoutes::policy),
                Route.post(CUBE + "/feedback", RequiredAccess.WRITE, RetentionRoutes::feedback));
    }

    private static void sessions(HttpExchange exchange) {
        Page<SessionInfo> page = exchange.cube()
                .sessions(
                        exchange.queryParameter("limit", 100, 1, ListRequest.MAX_LIMIT),
                        exchange.queryParameter("cursor").orElse(""));
        MemoryRoutes.respondPage(
                exchange,
                "sessions",
                page.items().stream().map(RetentionRoutes::session).toList(),
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

    private static void working(HttpExchange exchange) {
        ApiJson shapes = new ApiJson(exchange::cubeName);
        List<Map<String, Object>> items =
                exchange.cube().workingMemory(exchange.pathParameter("session")).items().stream()
                        .map(each -> working(shapes, each))
                        .toList();
        exchange.ok(Map.of("items", items));
    }

    private static Map<String, Object> working(ApiJson shapes, WorkingMemoryItem each) {
        Map<String, Object> json = shapes.item(each.item());
        json.put("heat", each.heat());
        json.put("touched", each.touchedAt().toString());
        json.put("cause", each.cause());
        return json;
    }

    private static void policy(HttpExchange exchange) {
        JsonBody body = exchange.body();
        RetentionPolicy given = new RetentionPolicy(
                duration(body, "half_life").orElse(RetentionPolicy.DEFAULT_HALF_LIFE),
                body.number("archive_below").orElse(0.0),
                capacity(body),
                duration(body, "time_to_live"));
        body.rejectUnknownFields();
        exchange.cube().policy(given);
        exchange.ok(ApiJson.policy(given));
    }

    private static long capacity(JsonBody body) {
        return body.has("capacity") ? body.integer("capacity", 1, 1, Integer.MAX_VALUE) : RetentionPolicy.UNLIMITED;
    }

    /** A field that holds a duration. */
    static Optional<Duration> duration(JsonBody body, String field) {
        return body.optionalText(field).map(text -> {
            try {
                return Duration.parse(text);
            } catch (DateTimeException e) {
                throw MemoryException.invalid(
                        "Field '" + field + "' is not an ISO 8601 duration. Write it like P30D or PT12H.");
            }
        });
    }

    private static void feedback(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Feedback feedback = new Feedback(
                kind(body.text("kind")),
                body.texts("items").stream().map(ItemId::parse).toList(),
                body.text("text", ""));
        body.rejectUnknownFields();
        FeedbackResult result = exchange.cube().feedback(feedback);
        Map<String, Object> json = new LinkedHashMap<>();
        result.stored().ifPresent(id -> json.put("stored", id.toString()));
        json.put("changed", ApiJson.ids(result.changed()));
        json.put("warnings", result.warnings().stream().map(ApiJson::warning).toList());
        exchange.ok(json);
    }

    private static Feedback.Kind kind(String name) {
        for (Feedback.Kind kind : Feedback.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        throw MemoryException.invalid("Field 'kind' must be helpful, unhelpful or correction, it is '" + name + "'.");
    }
}
