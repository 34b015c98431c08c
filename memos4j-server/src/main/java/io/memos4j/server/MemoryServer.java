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
import io.memos4j.server.operations.ServerObservability;
import io.memos4j.server.proxy.ChatProxyRoutes;
import io.memos4j.server.v1.NativeApi;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The memory server: serves an open engine over HTTP until it is closed. Does not close the engine.
 *
 * <p>Thread-safe.
 */
public final class MemoryServer implements AutoCloseable {
    /** The first administrator. */
    private static final String FIRST = "admin";

    private final ServerConfig config;
    private final HttpServer http;
    private final ServerObservability operations;
    private final Optional<IssuedKey> firstKey;

    private MemoryServer(
            ServerConfig config, HttpServer http, ServerObservability operations, Optional<IssuedKey> firstKey) {
        this.config = config;
        this.http = http;
        this.operations = operations;
        this.firstKey = firstKey;
    }

    /**
     * Begins to listen. On a directory that nobody may use over the network yet, an administrator and a key for it are
     * made first.
     */
    public static MemoryServer start(MemOs memos, ServerConfig config) {
        ServerObservability operations = new ServerObservability(
                memos,
                new ServerObservability.Setting(config.log().calls(), config.modelPrice()),
                GlobalOpenTelemetry.getOrNoop());
        HttpServer http = new HttpServer(memos, setting(config), surfaces(config, operations), operations);
        operations.watch(http);
        try {
            http.start();
            // Not before the port is taken: a key that was made for a server that does not come up would never be
            // shown.
            return new MemoryServer(config, http, operations, firstKey(memos.governance()));
        } catch (RuntimeException e) {
            http.close();
            operations.close();
            throw e;
        }
    }

    private static List<RouteGroup> surfaces(ServerConfig config, ServerObservability operations) {
        BackupFolder backups =
                new BackupFolder(config.backups().directory(), config.backups().keep());
        return List.of(
                new NativeApi(config.limits().body(), backups),
                new ProductApi(),
                new OpenMemApi(),
                new Mem0SelfHostedApi(),
                new Mem0PlatformApi(),
                new McpRoutes(config.protocols().mcpOrigins()),
                new ChatProxyRoutes(config.protocols().proxy()),
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

    private static HttpServer.Setting setting(ServerConfig config) {
        ServerConfig.Limits limits = config.limits();
        return new HttpServer.Setting(
                config.host(),
                config.port(),
                config.tls(),
                new HttpServer.Bounds(
                        limits.body(),
                        limits.header(),
                        limits.callsPerSecond(),
                        limits.connections(),
                        limits.idle(),
                        config.drain()));
    }

    /** Where it answers. */
    public URI url() {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return URI.create((config.tls().isPresent() ? "https://" : "http://") + host + ":" + http.port());
    }

    /** The key that was made because there was none; it is shown only here. */
    public Optional<IssuedKey> firstKey() {
        return firstKey;
    }

    /** Every route, in the order in which they are tried. */
    public List<Route> routes() {
        return http.routes();
    }

    /** Takes no new calls, lets those that run finish, and stops. */
    @Override
    public void close() {
        http.close();
        operations.close();
    }
}
