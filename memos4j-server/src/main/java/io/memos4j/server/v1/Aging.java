package io.memos4j.server.v1;

import io.memos4j.api.Feedback;
import io.memos4j.api.FeedbackResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.Policy;
import io.memos4j.api.SessionInfo;
import io.memos4j.api.WorkingItem;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What conversations have at hand, how memories age, and what users say of them. */
final class Aging implements Surface {
    private static final String CUBE = "/v1/cubes/{cube}";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(CUBE + "/sessions", Need.READ, Aging::sessions),
                Route.get(CUBE + "/sessions/{session}/working", Need.READ, Aging::working),
                Route.get(
                        CUBE + "/policy",
                        Need.READ,
                        exchange -> exchange.ok(Shapes.policy(exchange.cube().policy()))),
                Route.put(CUBE + "/policy", Need.ADMIN, Aging::policy),
                Route.post(CUBE + "/feedback", Need.WRITE, Aging::feedback));
    }

    private static void sessions(Exchange exchange) {
        Page<SessionInfo> page = exchange.cube()
                .sessions(
                        exchange.query("limit", 100, 1, ListRequest.MAX_LIMIT),
                        exchange.query("cursor").orElse(""));
        Memories.page(
                exchange, "sessions", page.items().stream().map(Aging::session).toList(), page.next());
    }

    private static Map<String, Object> session(SessionInfo session) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("session", session.session());
        json.put("items", session.items());
        json.put("first", session.first().toString());
        json.put("last", session.last().toString());
        return json;
    }

    private static void working(Exchange exchange) {
        Shapes shapes = new Shapes(exchange::shown);
        List<Map<String, Object>> items = exchange.cube().workingMemory(exchange.path("session")).items().stream()
                .map(each -> working(shapes, each))
                .toList();
        exchange.ok(Map.of("items", items));
    }

    private static Map<String, Object> working(Shapes shapes, WorkingItem each) {
        Map<String, Object> json = shapes.item(each.item());
        json.put("heat", each.heat());
        json.put("touched", each.touchedAt().toString());
        json.put("cause", each.cause());
        return json;
    }

    private static void policy(Exchange exchange) {
        Body body = exchange.body();
        Policy given = new Policy(
                span(body, "half_life").orElse(Policy.HALF_LIFE),
                body.number("archive_below").orElse(0.0),
                capacity(body),
                span(body, "time_to_live"));
        body.done();
        exchange.cube().policy(given);
        exchange.ok(Shapes.policy(given));
    }

    private static long capacity(Body body) {
        return body.has("capacity") ? body.integer("capacity", 1, 1, Integer.MAX_VALUE) : Policy.UNLIMITED;
    }

    /** A field that holds a duration. */
    static Optional<Duration> span(Body body, String field) {
        return body.textIfGiven(field).map(text -> {
            try {
                return Duration.parse(text);
            } catch (DateTimeException e) {
                throw MemoryException.invalid(
                        "Field '" + field + "' is not an ISO 8601 duration. Write it like P30D or PT12H.");
            }
        });
    }

    private static void feedback(Exchange exchange) {
        Body body = exchange.body();
        Feedback feedback = new Feedback(
                kind(body.text("kind")),
                body.texts("items").stream().map(ItemId::parse).toList(),
                body.text("text", ""));
        body.done();
        FeedbackResult result = exchange.cube().feedback(feedback);
        Map<String, Object> json = new LinkedHashMap<>();
        result.stored().ifPresent(id -> json.put("stored", id.toString()));
        json.put("changed", Shapes.ids(result.changed()));
        json.put("warnings", result.warnings().stream().map(Shapes::warning).toList());
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
