package io.memos4j.server.memos;

import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The self-hosted MemOS server, {@code /product} and {@code /health}, as its clients know it. */
public final class ProductApi implements Surface {
    /** The version of MemOS's server that this one answers like. */
    private static final String VERSION = "1.0.1";

    private final List<Surface> parts = List.of(
            new Adds(),
            new Searches(),
            new Listings(),
            new Deletions(),
            new Feedbacks(),
            new CubeRecords(),
            new Schedulers(),
            new Chats());

    @Override
    public List<Route> routes() {
        Stream<Route> health = Stream.of(Route.get("/health", Need.NOTHING, ProductApi::health));
        return Stream.concat(health, parts.stream().flatMap((Surface part) -> part.routes().stream()))
                .toList();
    }

    @Override
    public Refusal refusal() {
        return Product::refuse;
    }

    private static void health(Exchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "healthy");
        json.put("service", "memos");
        json.put("version", VERSION);
        exchange.ok(json);
    }
}
