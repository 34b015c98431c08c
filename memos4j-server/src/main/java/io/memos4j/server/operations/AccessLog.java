package io.memos4j.server.operations;

import io.memos4j.server.http.HttpExchange;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line for each request: route, key and status. Never paths or bodies, which may contain memories. */
final class AccessLog {
    /** A stable name, so that logging can be configured by it. */
    private static final Logger LOG = LoggerFactory.getLogger("io.memos4j.server.access");

    private static final double NANOS_PER_MILLI = 1e6;

    private AccessLog() {}

    static void write(HttpExchange exchange, int status, Duration took) {
        String key = exchange.caller().map(caller -> caller.key().id()).orElse("-");
        double millis = took.toNanos() / NANOS_PER_MILLI;
        LOG.atInfo()
                .addKeyValue("method", exchange.route().method())
                .addKeyValue("route", exchange.route().path())
                .addKeyValue("status", status)
                .addKeyValue("ms", millis)
                .addKeyValue("key", key)
                .log("{} {} in {} ms for {}", exchange.route().name(), status, Math.round(millis), key);
    }
}
