package io.memos4j.server.v1;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Routes that search one cube, or several as one. */
final class SearchRoutes implements RouteGroup {
    private static final int LONGEST_MS = 60_000;
    private static final int MOST_TOKENS = 1_000_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/cubes/{cube}/search", RequiredAccess.READ, SearchRoutes::one),
                Route.post("/v1/search", RequiredAccess.READ, SearchRoutes::several));
    }

    private static void one(HttpExchange exchange) {
        JsonBody body = exchange.body();
        SearchRequest request = request(body);
        body.rejectUnknownFields();
        answer(exchange, exchange.cube().search(request));
    }

    private static void several(HttpExchange exchange) {
        JsonBody body = exchange.body();
        List<String> names = body.texts("cubes").stream().distinct().toList();
        SearchRequest request = request(body);
        body.rejectUnknownFields();
        if (names.isEmpty() || names.size() > CompositeCube.MAX_MEMBERS) {
            throw MemoryException.invalid("Field 'cubes' must name 1 to " + CompositeCube.MAX_MEMBERS + " cubes.");
        }
        CubeId[] cubes = names.stream()
                .map(name -> exchange.cube(name, Permission.READ).id())
                .distinct()
                .toArray(CubeId[]::new);
        answer(exchange, exchange.compose(cubes).search(request));
    }

    private static void answer(HttpExchange exchange, SearchResult result) {
        exchange.ok(ApiJson.of(exchange).result(result));
    }

    private static SearchRequest request(JsonBody body) {
        SearchRequest request = SearchRequest.of(query(body))
                .limit(body.integer("limit", 10, 1, SearchRequest.MAX_LIMIT))
                .maxTokens(body.integer("max_tokens", 2_048, 1, MOST_TOKENS))
                .where(JsonFilterParser.parse(body, "filter"))
                .within(Duration.ofMillis(body.integer("deadline_ms", 2_000, 1, LONGEST_MS)))
                .forModel(body.text("model", ""))
                .in(body.text("session", ""));
        request = body.time("reference_time").map(request::at).orElse(request);
        request = body.timeZone("time_zone").map(request::inZone).orElse(request);
        Optional<Instant> asOf = body.instant("as_of");
        request = body.instant("valid_at").or(() -> asOf).map(request::validAt).orElse(request);
        request = body.flag("include_inactive", false) ? request.withInactive() : request;
        return body.flag("explain", false) ? request.explained() : request;
    }

    /** Rejects an empty query here, so that the message names the field. */
    private static String query(JsonBody body) {
        String query = body.text("query");
        if (query.isBlank()) {
            throw MemoryException.invalid("Field 'query' is empty. Give a question or search terms.");
        }
        return query;
    }
}
