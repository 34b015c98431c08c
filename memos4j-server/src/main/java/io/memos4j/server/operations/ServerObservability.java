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

/**
 * Watches over a server: counts and times calls and searches, traces them, writes them to the log, and answers
 * {@code GET /metrics}.
 */
public final class ServerObservability implements HttpServer.RequestObserver, RouteGroup, AutoCloseable {
    private final ServerMetrics metrics;
    private final RequestTracing tracing;
    private final boolean logsCalls;
    private final Runnable endOfWatch;

    /**
     * What is watched, and how.
     *
     * @param logsCalls whether each call is written to the log
     * @param pricePerMillionTokens of the language model, in any currency
     */
    public record Setting(boolean logsCalls, double pricePerMillionTokens) {}

    public ServerObservability(MemOs memos, Setting setting, OpenTelemetry telemetry) {
        this.metrics = new ServerMetrics(memos, setting.pricePerMillionTokens);
        this.tracing = new RequestTracing(telemetry);
        this.logsCalls = setting.logsCalls;
        this.endOfWatch = memos.watchSearches(result -> {
            metrics.recordSearch(result);
            RequestTracing.recordSearch(result);
        });
    }

    /** Counts also what a server has open. */
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
