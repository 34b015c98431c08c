package io.memos4j.server.v1;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Duration;
import java.util.List;

/** Asking one cube, or several as one. */
final class Searches implements Surface {
    private static final int LONGEST_MS = 60_000;
    private static final int MOST_TOKENS = 1_000_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/cubes/{cube}/search", Need.READ, Searches::one),
                Route.post("/v1/search", Need.READ, Searches::several));
    }

    private static void one(Exchange exchange) {
        Body body = exchange.body();
        SearchRequest request = request(body);
        body.done();
        answer(exchange, exchange.cube().search(request));
    }

    private static void several(Exchange exchange) {
        Body body = exchange.body();
        List<String> names = body.texts("cubes").stream().distinct().toList();
        SearchRequest request = request(body);
        body.done();
        if (names.isEmpty() || names.size() > CompositeCube.MAX_MEMBERS) {
            throw MemoryException.invalid("Field 'cubes' names 1 to " + CompositeCube.MAX_MEMBERS + " cubes.");
        }
        CubeId[] cubes = names.stream()
                .map(name -> exchange.cube(name, Permission.READ).id())
                .distinct()
                .toArray(CubeId[]::new);
        answer(exchange, exchange.memos().compose(cubes).search(request));
    }

    private static void answer(Exchange exchange, SearchResult result) {
        exchange.ok(new Shapes(exchange::shown).result(result));
    }

    private static SearchRequest request(Body body) {
        SearchRequest request = SearchRequest.of(query(body))
                .limit(body.integer("limit", 10, 1, SearchRequest.MAX_LIMIT))
                .maxTokens(body.integer("max_tokens", 2_048, 1, MOST_TOKENS))
                .where(Filters.parse(body, "filter"))
                .within(Duration.ofMillis(body.integer("deadline_ms", 2_000, 1, LONGEST_MS)))
                .forModel(body.text("model", ""))
                .in(body.text("session", ""));
        request = body.instant("reference_time").map(request::at).orElse(request);
        request = body.instant("as_of").map(request::asOf).orElse(request);
        request = body.flag("include_inactive", false) ? request.withInactive() : request;
        return body.flag("explain", false) ? request.explained() : request;
    }

    /** Refused here with the name of the field. */
    private static String query(Body body) {
        String query = body.text("query");
        if (query.isBlank()) {
            throw new MemoryException(ErrorCode.INVALID_ARGUMENT, "Field 'query' is empty. Ask something.");
        }
        return query;
    }
}
