package io.memos4j.server.v1;

import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Routes for a cube's retention policy: decay, archiving, capacity and time to live. */
final class RetentionRoutes implements RouteGroup {
    private static final String POLICY = "/v1/cubes/{cube}/policy";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        POLICY,
                        RequiredAccess.READ,
                        exchange -> exchange.ok(ApiJson.policy(exchange.cube().policy()))),
                Route.put(POLICY, RequiredAccess.ADMIN, RetentionRoutes::policy));
    }

    private static void policy(HttpExchange exchange) {
        JsonBody body = exchange.body();
        RetentionPolicy given = new RetentionPolicy(
                duration(body, "half_life").orElse(RetentionPolicy.DEFAULT_HALF_LIFE),
                body.number("archive_below").orElse(0.0),
                capacity(body),
                duration(body, "time_to_live"),
                duration(body, "forget_after").orElse(RetentionPolicy.DEFAULT_FORGET_AFTER));
        body.rejectUnknownFields();
        exchange.cube().policy(given);
        exchange.ok(ApiJson.policy(given));
    }

    private static long capacity(JsonBody body) {
        return body.has("capacity") ? body.integer("capacity", 1, 1, Integer.MAX_VALUE) : RetentionPolicy.UNLIMITED;
    }

    /** Reads an optional ISO 8601 duration. */
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
}
