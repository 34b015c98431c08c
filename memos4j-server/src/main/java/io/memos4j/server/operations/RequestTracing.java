package io.memos4j.server.operations;

import io.memos4j.api.search.SearchResult;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Creates a span for each request, within the trace of its {@code traceparent} header. Search stages run in parallel
 * and only report their duration, so they are attributes of the request's span rather than spans of their own. Costs
 * almost nothing if no SDK is installed.
 */
final class RequestTracing {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final int SERVER_ERROR = 500;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Tracer tracer;

    /** Reads the caller's trace context. */
    private static final TextMapGetter<HttpExchange> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpExchange exchange) {
            return List.copyOf(W3CTraceContextPropagator.getInstance().fields());
        }

        @Override
        public @Nullable String get(@Nullable HttpExchange exchange, String name) {
            return exchange == null ? null : exchange.header(name).orElse(null);
        }
    };

    RequestTracing(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.memos4j.server");
    }

    @SuppressWarnings("MustBeClosedChecker") // Closed when the request has been handled.
    HttpServer.RequestObservation startSpan(HttpExchange exchange) {
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), exchange, HEADERS);
        Span span = tracer.spanBuilder(exchange.route().name())
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(METHOD, exchange.route().method())
                .setAttribute(ROUTE, exchange.route().path())
                .startSpan();
        Scope scope = span.makeCurrent();
        if (span.getSpanContext().isValid()) {
            MDC.put("trace", span.getSpanContext().getTraceId());
        }
        return status -> {
            span.setAttribute(STATUS, (long) status);
            if (status >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR);
            }
            MDC.remove("trace");
            scope.close();
            span.end();
        };
    }

    /** Records a search made by the current request. */
    static void recordSearch(SearchResult result) {
        Span span = Span.current();
        if (span.isRecording()) {
            span.setAttribute("memos4j.search.hits", result.hits().size());
            for (SearchResult.Stage stage : result.stages()) {
                span.setAttribute(
                        "memos4j.search." + stage.name() + "_ms", stage.took().toNanos() / NANOS_PER_MILLI);
            }
        }
    }
}
