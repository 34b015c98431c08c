package io.memos4j.server.operations;

import io.memos4j.api.MemoryException;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.SchedulerStatus;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.EngineStats;
import io.memos4j.core.MemOs;
import io.memos4j.server.http.HttpServer;
import io.memos4j.server.http.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics in the Prometheus format. Label values come from small fixed sets, such as route templates, statuses, stages
 * and states, so that no client can create new series. Thread-safe.
 */
final class ServerMetrics implements AutoCloseable {
    /** The text format that every version of Prometheus reads. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(ServerMetrics.class);

    private static final Duration[] CALL_BUCKETS = buckets(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000);
    private static final Duration[] STAGE_BUCKETS = buckets(1, 5, 10, 30, 100, 300, 1_000);

    /** The reasons for rejecting a request, by status. */
    private static final Map<Integer, String> REFUSALS =
            Map.of(401, "unauthenticated", 403, "forbidden", 413, "too_large", 429, "rate_limited", 503, "unavailable");

    private static final double MILLION = 1e6;

    private final MemOs memos;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** The state of the engine at the last scrape. */
    private volatile Optional<Reading> reading = Optional.empty();

    private record Reading(SchedulerStatus scheduler, EngineStats footprint) {}

    ServerMetrics(MemOs memos, double pricePerMillionTokens) {
        this.memos = memos;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        REFUSALS.values().forEach(this::refusals);
        for (TaskState state : TaskState.values()) {
            Gauge.builder("memos4j.tasks", this, read(now -> now.scheduler.count(state)))
                    .tag("state", state.id())
                    .description("Background tasks; finished ones are removed after a while")
                    .register(registry);
        }
        gauge(
                "memos4j.tasks.oldest.ready.seconds",
                "Waiting time of the oldest ready task",
                now -> seconds(now.scheduler.oldestReady()));
        gauge("memos4j.tasks.paused", "1 while all background work is paused", now -> now.scheduler.paused() ? 1 : 0);
        gauge(
                "memos4j.model.calls.today",
                "Language model calls today (UTC), including failed ones",
                now -> now.scheduler.callsToday());
        gauge(
                "memos4j.model.tokens.today",
                "Input and output tokens of these calls",
                now -> now.scheduler.tokensToday());
        gauge(
                "memos4j.model.cost.today",
                "Cost of these tokens at the configured price",
                now -> now.scheduler.tokensToday() / MILLION * pricePerMillionTokens);
        gauge("memos4j.cubes", "Cubes", now -> now.footprint.cubes());
        gauge("memos4j.vault.bytes", "Size of the vault on disk", now -> now.footprint.vaultBytes());
        gauge("memos4j.indexes.open", "Open search indexes", now -> now.footprint.openIndexes());
    }

    private static Duration[] buckets(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void gauge(String name, String description, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, this, read(value)).description(description).register(registry);
    }

    /** Reads from the last reading; NaN if the engine could not be read. */
    private static ToDoubleFunction<ServerMetrics> read(ToDoubleFunction<Reading> value) {
        return metrics -> metrics.reading.map(value::applyAsDouble).orElse(Double.NaN);
    }

    private Counter refusals(String reason) {
        return Counter.builder("memos4j.http.refused")
                .tag("reason", reason)
                .description("Rejected requests")
                .register(registry);
    }

    void watch(HttpServer server) {
        Gauge.builder("memos4j.http.streams", server, HttpServer::openStreams)
                .description("Open event streams")
                .register(registry);
        Gauge.builder("memos4j.http.running", server, HttpServer::runningCalls)
                .description("Running requests")
                .register(registry);
    }

    void recordRequest(Route route, int status, Duration took) {
        Timer.builder("memos4j.http.calls")
                .tags("method", route.method(), "route", route.path(), "status", Integer.toString(status))
                .description("Requests by route and status")
                .serviceLevelObjectives(CALL_BUCKETS)
                .register(registry)
                .record(took);
        Optional.ofNullable(REFUSALS.get(status))
                .ifPresent(reason -> refusals(reason).increment());
    }

    void recordSearch(SearchResult result) {
        for (SearchResult.Stage stage : result.stages()) {
            Timer.builder("memos4j.search.stage")
                    .tag("stage", stage.name())
                    .description("Search stages; some run in parallel")
                    .serviceLevelObjectives(STAGE_BUCKETS)
                    .register(registry)
                    .record(stage.took());
        }
        result.warnings()
                .forEach(warning -> Counter.builder("memos4j.search.warnings")
                        .tag("code", warning.code())
                        .description("Degraded searches by cause")
                        .register(registry)
                        .increment());
    }

    /**
     * Renders all metrics with the current state of the engine. Works even if the engine fails, which is when metrics
     * matter most.
     */
    String scrape() {
        try {
            reading = Optional.of(new Reading(memos.scheduler().status(), memos.stats()));
        } catch (MemoryException e) {
            reading = Optional.empty();
            LOG.warn("Cannot read the engine's state for metrics: {}", e.getMessage());
        }
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
