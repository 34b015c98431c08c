package io.memos4j.server.operations;

import io.memos4j.core.MemOs;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.HttpServer;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;

/** Counts, times, traces and logs requests and searches, and serves {@code GET /metrics}. Thread-safe. */
public final class ServerObservability implements HttpServer.RequestObserver, RouteGroup, AutoCloseable {
    private final ServerMetrics metrics;
    private final RequestTracing tracing;
    private final boolean logsCalls;
    private final Runnable endOfWatch;

    /**
     * @param logsCalls whether each request is logged
     * @param pricePerMillionTokens the price of the language model, in any currency
     */
    public ServerObservability(MemOs memos, boolean logsCalls, double pricePerMillionTokens, OpenTelemetry telemetry) {
        this.metrics = new ServerMetrics(memos, pricePerMillionTokens);
        this.tracing = new RequestTracing(telemetry);
        this.logsCalls = logsCalls;
        this.endOfWatch = memos.watchSearches(result -> {
            metrics.recordSearch(result);
            RequestTracing.recordSearch(result);
        });
    }

    /** Adds gauges for the server's running requests and open streams. */
    public void watch(HttpServer server) {
        metrics.watch(server);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get(
                "/metrics",
                RequiredAccess.ADMINISTRATOR,
                exchange -> exchange.context()
                        .contentType(ServerMetrics.CONTENT_TYPE)
                        .result(metrics.scrape())));
    }

    @Override
    public HttpServer.RequestObservation requestStarted(HttpExchange exchange) {
        long began = System.nanoTime();
        HttpServer.RequestObservation trace = tracing.startSpan(exchange);
        return status -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            metrics.recordRequest(exchange.route(), status, took);
            if (logsCalls) {
                AccessLog.write(exchange, status, took);
            }
            trace.requestFinished(status);
        };
    }

    @Override
    public void close() {
        endOfWatch.run();
        metrics.close();
    }
}
