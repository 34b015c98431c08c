package io.memos4j.server.operations;

import io.memos4j.core.MemOs;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.HttpServer;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;

/** Watches over a server: counts and times calls and searches, traces them, writes them to the log, and answers {@code GET /metrics}. */
public final class Operations implements HttpServer.Observer, Surface, AutoCloseable {
    private final Metrics metrics;
    private final Tracing tracing;
    private final boolean logsCalls;
    private final Runnable endOfWatch;

    /**
     * What is watched, and how.
     *
     * @param logsCalls whether each call is written to the log
     * @param pricePerMillionTokens of the language model, in any currency
     */
    public record Setting(boolean logsCalls, double pricePerMillionTokens) {}

    public Operations(MemOs memos, Setting setting, OpenTelemetry telemetry) {
        this.metrics = new Metrics(memos, setting.pricePerMillionTokens);
        this.tracing = new Tracing(telemetry);
        this.logsCalls = setting.logsCalls;
        this.endOfWatch = memos.watchSearches(result -> {
            metrics.searched(result);
            Tracing.searched(result);
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
                Need.SERVER,
                exchange -> exchange.context().contentType(Metrics.CONTENT_TYPE).result(metrics.scrape())));
    }

    @Override
    public HttpServer.Call begun(Exchange exchange) {
        long began = System.nanoTime();
        HttpServer.Call trace = tracing.begun(exchange);
        return status -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            metrics.answered(exchange.route(), status, took);
            if (logsCalls) {
                AccessLog.write(exchange, status, took);
            }
            trace.answered(status);
        };
    }

    @Override
    public void close() {
        endOfWatch.run();
        metrics.close();
    }
}
