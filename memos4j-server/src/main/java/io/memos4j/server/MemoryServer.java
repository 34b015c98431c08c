package io.memos4j.server;

import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Principal;
import io.memos4j.core.MemOs;
import io.memos4j.server.console.ConsoleRoutes;
import io.memos4j.server.http.HttpServer;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.mcp.McpRoutes;
import io.memos4j.server.mem0.Mem0PlatformApi;
import io.memos4j.server.mem0.Mem0SelfHostedApi;
import io.memos4j.server.memos.OpenMemApi;
import io.memos4j.server.memos.ProductApi;
import io.memos4j.server.operations.BackupFolder;
import io.memos4j.server.operations.HealthMonitor;
import io.memos4j.server.operations.ProcessWatchdog;
import io.memos4j.server.operations.ServerObservability;
import io.memos4j.server.proxy.ChatProxyRoutes;
import io.memos4j.server.v1.NativeApi;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Serves an open engine over HTTP until it is closed. Does not close the engine. Thread-safe. */
public final class MemoryServer implements AutoCloseable {
    /** The name of the first administrator. */
    private static final String FIRST = "admin";

    private final ServerConfig config;
    private final HttpServer http;
    private final ServerObservability operations;
    private final ChatProxyRoutes proxy;
    private final HealthMonitor health;
    private final Optional<IssuedKey> firstKey;
    private Optional<ProcessWatchdog> watchdog = Optional.empty();

    private MemoryServer(
            ServerConfig config,
            HttpServer http,
            ServerObservability operations,
            ChatProxyRoutes proxy,
            HealthMonitor health,
            Optional<IssuedKey> firstKey) {
        this.config = config;
        this.http = http;
        this.operations = operations;
        this.proxy = proxy;
        this.health = health;
        this.firstKey = firstKey;
    }

    /** Starts listening. Creates an administrator and its key if the data directory has no principals yet. */
    public static MemoryServer start(MemOs memos, ServerConfig config) {
        ServerObservability operations = new ServerObservability(
                memos, config.log().calls(), config.modelPrice(), GlobalOpenTelemetry.getOrNoop());
        ChatProxyRoutes proxy = new ChatProxyRoutes(config.protocols().proxy());
        HealthMonitor health = new HealthMonitor(memos::probe);
        HttpServer http = new HttpServer(
                memos, config.address(), config.limits(), routeGroups(config, operations, proxy, health), operations);
        operations.watch(http);
        try {
            http.start();
            // After the port is bound: the key of a server that fails to start would never be shown.
            return new MemoryServer(config, http, operations, proxy, health, firstKey(memos.governance()));
        } catch (RuntimeException e) {
            http.close();
            proxy.close();
            operations.close();
            throw e;
        }
    }

    private static List<RouteGroup> routeGroups(
            ServerConfig config, ServerObservability operations, ChatProxyRoutes proxy, HealthMonitor health) {
        BackupFolder backups =
                new BackupFolder(config.backups().directory(), config.backups().keep());
        return List.of(
                new NativeApi(backups, health),
                new ProductApi(health),
                new OpenMemApi(),
                new Mem0SelfHostedApi(),
                new Mem0PlatformApi(),
                new McpRoutes(config.protocols().mcpOrigins()),
                proxy,
                operations,
                new ConsoleRoutes());
    }

    private static Optional<IssuedKey> firstKey(MemGovernance governance) {
        if (!governance.principals().isEmpty()) {
            return Optional.empty();
        }
        Principal first = governance.create(FIRST, true);
        return Optional.of(governance.issue(KeyRequest.of(first.name()).labeled("first key")));
    }

    /** Returns the URL of the server. */
    public URI url() {
        return config.address().url(http.port());
    }

    /** Returns the key that was created because there was none. Its secret cannot be read anywhere else. */
    public Optional<IssuedKey> firstKey() {
        return firstKey;
    }

    /** Returns every route, in the order in which they are matched. */
    public List<Route> routes() {
        return http.routes();
    }

    /**
     * Watches the server until it is closed.
     *
     * @param end ends the process when it cannot serve any more
     */
    public synchronized void watch(Runnable end) {
        watchdog.ifPresent(ProcessWatchdog::close);
        watchdog = Optional.of(new ProcessWatchdog(health, ProcessWatchdog.Schedule.DEFAULT, end));
    }

    /** Rejects new requests, lets running ones finish, and stops. */
    @Override
    public void close() {
        stopWatching();
        http.close();
        proxy.close();
        operations.close();
    }

    private synchronized void stopWatching() {
        watchdog.ifPresent(ProcessWatchdog::close);
    }
}
