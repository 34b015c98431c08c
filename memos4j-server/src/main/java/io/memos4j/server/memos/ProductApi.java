package io.memos4j.server.memos;

import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.operations.HealthMonitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The API of the self-hosted MemOS server: {@code /product} and {@code /health}. */
public final class ProductApi implements RouteGroup {
    /** The version of the MemOS server whose behavior this API reproduces. */
    private static final String VERSION = "1.0.1";

    private final List<RouteGroup> parts = List.of(
            new MemosAddRoutes(),
            new MemosSearchRoutes(),
            new MemosListRoutes(),
            new MemosDeleteRoutes(),
            new MemosFeedbackRoutes(),
            new MemosCubeRoutes(),
            new MemosSchedulerRoutes(),
            new MemosChatRoutes());

    private final HealthMonitor health;

    public ProductApi(HealthMonitor health) {
        this.health = health;
    }

    @Override
    public List<Route> routes() {
        Stream<Route> liveness = Stream.of(Route.get("/health", RequiredAccess.PUBLIC, this::health));
        return Stream.concat(liveness, parts.stream().flatMap((RouteGroup part) -> part.routes().stream()))
                .toList();
    }

    @Override
    public ErrorWriter errorWriter() {
        return ProductProtocol::refuse;
    }

    private void health(HttpExchange exchange) {
        HealthMonitor.Verdict verdict = health.check();
        if (!verdict.alive()) {
            throw new MemoryException(
                    verdict.problem().orElseThrow().code(), "The storage has not worked for a while.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "healthy");
        json.put("service", "memos");
        json.put("version", VERSION);
        exchange.ok(json);
    }
}
