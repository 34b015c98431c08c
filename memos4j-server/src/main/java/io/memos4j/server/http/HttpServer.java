package io.memos4j.server.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Serves the route table. Every call goes the same way: who are you, may you, answer, note. Blocking handlers on
 * virtual threads.
 *
 * <p>{@link #close()} takes no new calls, lets those that run finish, and then stops.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Bodies that come slower than this are given up. */
    private static final long MIN_BYTES_PER_SECOND = 256;

    private static final int PRECONDITION_FAILED = 412;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final Setting setting;
    private final AuthFilter gate;
    private final RequestObserver observer;
    private final List<Route> routes = new ArrayList<>();
    private final Phaser running = new Phaser(1);
    private final SseConnections streams = new SseConnections();
    private final Javalin javalin;
    private volatile boolean draining;

    /**
     * Where to listen.
     *
     * @param port 0 for any free one
     * @param tls encrypts connections
     */
    public record Setting(String host, int port, Optional<TlsKeystore> tls, Bounds bounds) {}

    /**
     * What protects the server from its clients.
     *
     * @param bodyBytes the largest body
     * @param headerBytes the largest head of a request
     * @param callsPerSecond of one key; 0 for no limit
     * @param connections open at once
     * @param idle after which a connection without traffic is closed
     * @param drain how long running calls may take when the server stops
     */
    public record Bounds(
            int bodyBytes, int headerBytes, int callsPerSecond, int connections, Duration idle, Duration drain) {}

    /** Sees calls come and go, on the thread that answers them. */
    @FunctionalInterface
    public interface RequestObserver {
        /** Before anything of the call is looked at. */
        RequestObservation requestStarted(HttpExchange exchange);
    }

    /** Learns how a call was answered. */
    @FunctionalInterface
    public interface RequestObservation {
        void requestFinished(int status);
    }

    /** @param surfaces tried in this order */
    public HttpServer(MemOs memos, Setting setting, List<RouteGroup> surfaces, RequestObserver observer) {
        this.setting = setting;
        this.observer = observer;
        this.gate = new AuthFilter(memos, new RateLimiter(setting.bounds.callsPerSecond, System::nanoTime));
        HttpExchange.Setting each = new HttpExchange.Setting(memos, setting.bounds.bodyBytes, streams);
        this.javalin = Javalin.create(config -> {
            configure(config);
            for (RouteGroup surface : surfaces) {
                surface.routes().forEach(route -> serve(config, route, surface.errorWriter(), each));
            }
            serveUnmatched(config, each);
        });
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = Long.MAX_VALUE; // Exchange reads bodies, within its own bound.
        config.router.ignoreTrailingSlashes = true;
        config.jetty.modifyHttpConfiguration(this::limitRequests);
        config.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrorHandler()));
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.jetty.addConnector(this::connector);
    }

    private void limitRequests(HttpConfiguration http) {
        http.setRequestHeaderSize(setting.bounds.headerBytes);
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setMinRequestDataRate(MIN_BYTES_PER_SECOND);
        // A cube's name may hold a slash, a space or a per cent sign; no route leads to a file.
        http.setUriCompliance(UriCompliance.from(EnumSet.of(
                Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.SUSPICIOUS_PATH_CHARACTERS)));
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = setting.tls
                .map(tls -> new ServerConnector(server, sslContext(tls), new HttpConnectionFactory(withTls(http))))
                .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
        connector.setHost(setting.host);
        connector.setPort(setting.port);
        connector.setIdleTimeout(setting.bounds.idle.toMillis());
        // The system's default holds 50; of more that come at once some would find their connection reset.
        connector.setAcceptQueueSize(setting.bounds.connections);
        connector.addBean(new NetworkConnectionLimit(setting.bounds.connections, connector));
        return connector;
    }

    private static SslContextFactory.Server sslContext(TlsKeystore tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setKeyStorePath(tls.keystore().toString());
        factory.setKeyStorePassword(tls.password());
        return factory;
    }

    private static HttpConfiguration withTls(HttpConfiguration http) {
        HttpConfiguration secure = new HttpConfiguration(http);
        SecureRequestCustomizer customizer = new SecureRequestCustomizer();
        customizer.setSniHostCheck(false); // Clients check the certificate; the server answers under any name.
        secure.addCustomizer(customizer);
        return secure;
    }

    private void serve(JavalinConfig config, Route route, RouteGroup.ErrorWriter refusal, HttpExchange.Setting each) {
        routes.add(route);
        config.routes.addHttpHandler(
                HandlerType.findOrCreate(route.method()),
                route.path(),
                context -> handleRequest(context, route, refusal, each));
    }

    /** What no route matches. It needs a key like all else, so that nobody without one learns which addresses exist. */
    private void serveUnmatched(JavalinConfig config, HttpExchange.Setting each) {
        for (HandlerType method : HandlerType.commonHttp()) {
            Route rest = new Route(method.name(), "/*", RequiredAccess.READ, false, this::notFound);
            config.routes.addHttpHandler(
                    method, "/*", context -> handleRequest(context, rest, ProblemDetail::write, each));
        }
    }

    private void notFound(HttpExchange exchange) {
        String path = exchange.context().path();
        List<String> others = routes.stream()
                .filter(route -> matches(route.path(), path))
                .map(Route::method)
                .distinct()
                .sorted()
                .toList();
        if (others.isEmpty()) {
            throw new MemoryException(
                    ErrorCode.ROUTE_NOT_FOUND,
                    "Nothing answers at this address. GET /openapi.yaml describes what does.");
        }
        exchange.header("Allow", String.join(", ", others));
        throw new MemoryException(
                ErrorCode.METHOD_NOT_ALLOWED, "This address takes " + String.join(", ", others) + " only.");
    }

    private static boolean matches(String pattern, String path) {
        String regex = Pattern.compile("\\{[^}]+}")
                        .splitAsStream(pattern)
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "[^/]+" + b)
                        .orElse("")
                + (pattern.endsWith("}") ? "[^/]+" : "");
        return path.replaceAll("/+$", "").matches(regex);
    }

    private void handleRequest(
            Context context, Route route, RouteGroup.ErrorWriter refusal, HttpExchange.Setting each) {
        HttpExchange exchange = new HttpExchange(context, route, each, requestId(context));
        beginCall(context);
        MDC.put("request", exchange.requestId());
        exchange.header("X-Request-Id", exchange.requestId());
        RequestObservation call = observer.requestStarted(exchange);
        try {
            if (draining) {
                exchange.header("Connection", "close");
                throw new MemoryException(ErrorCode.CLOSED, "The server is stopping. Send the call again in a while.");
            }
            gate.authorize(exchange);
            handle(exchange);
        } catch (Exception | StackOverflowError e) {
            writeError(exchange, refusal, e);
        } finally {
            gate.writeAudit(exchange, context.statusCode());
            call.requestFinished(context.statusCode());
            MDC.remove("request");
        }
    }

    /** A call runs until its answer has left, which is after its handler has returned; a stream until it has ended. */
    private void beginCall(Context context) {
        running.register();
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(context.req()),
                failure -> running.arriveAndDeregister());
    }

    private static void handle(HttpExchange exchange) throws Exception {
        if (exchange.caller().isEmpty()) {
            exchange.route().handler().handle(exchange);
            return;
        }
        Optional<Exception> failure = exchange.memos().runAs(exchange.identity().actor(), () -> {
            try {
                exchange.route().handler().handle(exchange);
                return Optional.empty();
            } catch (Exception e) {
                return Optional.of(e);
            }
        });
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static void writeError(HttpExchange exchange, RouteGroup.ErrorWriter refusal, Throwable failure) {
        if (exchange.context().res().isCommitted()) {
            LOG.debug(
                    "{} broke off in the middle of its answer", exchange.route().name(), failure);
            return;
        }
        ProblemDetail problem = ProblemDetail.of(failure);
        switch (problem.code()) {
            case UPSTREAM_FAILED, MODEL_FAILED, MODEL_REFUSED, TIMEOUT, INVALID_CONFIGURATION ->
                LOG.warn("{} failed: {}", exchange.route().name(), problem.detail());
            case CLOSED -> {}
            default -> {
                if (problem.status() >= SERVER_ERROR) {
                    LOG.error("{} failed", exchange.route().name(), failure);
                }
            }
        }
        refusal.write(exchange, adjustStatus(exchange, problem));
    }

    /**
     * HTTP has words of its own for a condition of the caller's that does not hold, and for what a server was not set
     * up to do.
     */
    private static ProblemDetail adjustStatus(HttpExchange exchange, ProblemDetail problem) {
        return switch (problem.code()) {
            case VERSION_CONFLICT ->
                exchange.header("If-Match").isPresent() ? problem.withStatus(PRECONDITION_FAILED) : problem;
            case INVALID_CONFIGURATION -> problem.withStatus(NOT_IMPLEMENTED);
            default -> problem;
        };
    }

    private static String requestId(Context context) {
        return Optional.ofNullable(context.header("X-Request-Id"))
                .filter(id -> REQUEST_ID.matcher(id).matches())
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    /** Begins to listen. */
    public void start() {
        try {
            javalin.start();
        } catch (JavalinException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot listen on " + setting.host + ", port " + setting.port + ": " + e.getMessage()
                            + " Choose another with server.host and server.port, or --host and --port.",
                    e);
        }
    }

    public int port() {
        return javalin.port();
    }

    /** Every route, in the order in which they are tried. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /** How many streams of server-sent events are open. */
    public int openStreams() {
        return streams.open();
    }

    /** How many calls are being answered, open streams apart. */
    public int runningCalls() {
        return Math.max(0, running.getRegisteredParties() - 1 - openStreams());
    }

    @Override
    public void close() {
        draining = true;
        streams.close();
        int phase = running.arriveAndDeregister();
        try {
            running.awaitAdvanceInterruptibly(phase, setting.bounds.drain.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Calls that took longer than {} to finish were cut off.", setting.bounds.drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javalin.stop();
    }
}
