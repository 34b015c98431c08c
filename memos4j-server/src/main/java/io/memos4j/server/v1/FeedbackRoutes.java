package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The route that takes users' feedback on memories. */
final class FeedbackRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/cubes/{cube}/feedback", RequiredAccess.WRITE, FeedbackRoutes::give));
    }

    private static void give(HttpExchange exchange) {
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
