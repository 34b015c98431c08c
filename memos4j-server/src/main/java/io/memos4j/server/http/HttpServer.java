package io.memos4j.server.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * Serves the route table. Every request takes the same path: authenticate, authorize, handle, audit. Handlers block, on
 * virtual threads.
 *
 * <p>{@link #close()} rejects new requests, lets running ones finish, and then stops. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Requests whose body arrives more slowly than this are aborted. */
    private static final long MIN_BYTES_PER_SECOND = 256;

    /** Errors after which a client should wait for a second. */
    private static final Set<ErrorCode> RETRIED = Set.of(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED);

    private static final int PRECONDITION_FAILED = 412;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final MemOs memos;
    private final ListenAddress address;
    private final ServerLimits limits;
    private final AuthFilter authFilter;
    private final RequestGate gate;
    private final BodyBudget bodies;
    private final RequestObserver observer;
    private final RouteTable routes = new RouteTable();
    private final Phaser running = new Phaser(1);
    private final SseConnections streams = new SseConnections();
    private final Javalin javalin;
    private volatile boolean draining;

    /** Observes requests, on the thread that handles them. */
    @FunctionalInterface
    public interface RequestObserver {
        /** Called before anything of the request is looked at. */
        RequestObservation requestStarted(HttpExchange exchange);
    }

    /** Learns the status of a response. */
    @FunctionalInterface
    public interface RequestObservation {
        void requestFinished(int status);
    }

    /** @param routeGroups matched in this order */
    public HttpServer(
            MemOs memos,
            ListenAddress address,
            ServerLimits limits,
            List<RouteGroup> routeGroups,
            RequestObserver observer) {
        this.memos = memos;
        this.address = address;
        this.limits = limits;
        this.observer = observer;
        this.gate = new RequestGate(limits.load(), System::nanoTime);
        this.bodies = new BodyBudget(limits.load().bodyMemory());
        this.authFilter = new AuthFilter(memos, new RateLimiter(limits.callsPerSecond(), System::nanoTime));
        this.javalin = Javalin.create(config -> {
            configure(config);
            for (RouteGroup group : routeGroups) {
                group.routes().forEach(route -> serve(config, route, group.errorWriter()));
            }
            serveUnmatched(config);
        });
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = Long.MAX_VALUE; // HttpExchange reads bodies, within its own limit.
        config.router.ignoreTrailingSlashes = true;
        config.jetty.modifyHttpConfiguration(this::limitRequests);
        config.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrorHandler()));
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.jetty.addConnector(this::connector);
    }

    private void limitRequests(HttpConfiguration http) {
        http.setRequestHeaderSize(limits.headerBytes());
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setMinRequestDataRate(MIN_BYTES_PER_SECOND);
        // A cube's name may contain a slash, a space or a percent sign; no route leads to a file.
        http.setUriCompliance(UriCompliance.from(EnumSet.of(
                Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.SUSPICIOUS_PATH_CHARACTERS)));
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = address.tls()
                .map(tls -> new ServerConnector(server, sslContext(tls), new HttpConnectionFactory(withTls(http))))
                .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setIdleTimeout(limits.idle().toMillis());
        // The default queue holds 50; if more clients connect at once, some would see their connection reset.
        connector.setAcceptQueueSize(limits.connections());
        connector.addBean(new NetworkConnectionLimit(limits.connections(), connector));
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
        customizer.setSniHostCheck(false); // Clients check the certificate; the server answers to any name.
        secure.addCustomizer(customizer);
        return secure;
    }

    private void serve(JavalinConfig config, Route route, RouteGroup.ErrorWriter refusal) {
        routes.add(route);
        config.routes.addHttpHandler(
                HandlerType.findOrCreate(route.method()),
                route.path(),
                context -> handleRequest(context, route, refusal));
    }

    /** Handles paths that no route matches. They require a key too, so that strangers cannot probe for routes. */
    private void serveUnmatched(JavalinConfig config) {
        Set<String> known = new HashSet<>();
        for (HandlerType method : HandlerType.commonHttp()) {
            Route rest = new Route(method.name(), "/*", RequiredAccess.READ, false, this::notFound, false);
            config.routes.addHttpHandler(method, "/*", context -> handleRequest(context, rest, ProblemDetail::write));
            known.add(method.name());
        }
        // Methods that HTTP does not know take the same path as others, and change nothing.
        config.routes.addHttpHandler(HandlerType.BEFORE, "/*", context -> {
            String method = context.req().getMethod();
            if (!known.contains(method)) {
                Route rest = new Route("OTHER", "/*", RequiredAccess.READ, false, this::notFound, false);
                handleRequest(context, rest, ProblemDetail::write);
                context.skipRemainingHandlers();
            }
        });
    }

    private void notFound(HttpExchange exchange) {
        List<String> methods = routes.methodsOf(exchange.context().path());
        if (methods.isEmpty()) {
            throw new MemoryException(
                    ErrorCode.ROUTE_NOT_FOUND, "There is no such route. GET /openapi.yaml describes the routes.");
        }
        String allowed = String.join(", ", methods);
        exchange.header("Allow", allowed);
        throw new MemoryException(ErrorCode.METHOD_NOT_ALLOWED, "This route only accepts " + allowed + ".");
    }

    private void handleRequest(Context context, Route route, RouteGroup.ErrorWriter refusal) {
        HttpExchange exchange = new HttpExchange(context, route, memos, limits, streams);
        beginCall(context);
        MDC.put("request", exchange.requestId());
        exchange.header("X-Request-Id", exchange.requestId());
        exchange.header("X-Content-Type-Options", "nosniff");
        exchange.header("Cache-Control", "no-store");
        RequestObservation call = observer.requestStarted(exchange);
        try {
            if (draining) {
                exchange.header("Connection", "close");
                throw new MemoryException(ErrorCode.CLOSED, "The server is stopping. Try again later.");
            }
            authFilter.authorize(exchange);
            admit(exchange);
        } catch (Exception | StackOverflowError e) {
            writeError(exchange, refusal, e);
        } finally {
            authFilter.writeAudit(exchange, context.statusCode());
            call.requestFinished(context.statusCode());
            MDC.remove("request");
        }
    }

    /** Counts a request as running until its response has been sent, which is after its handler has returned. */
    private void beginCall(Context context) {
        running.register();
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(context.req()),
                failure -> running.arriveAndDeregister());
    }

    /**
     * Handles a request when its turn has come. Its body is read before that, so that a slow client keeps nobody
     * waiting.
     */
    private void admit(HttpExchange exchange) throws Exception {
        if (exchange.caller().isEmpty()) {
            exchange.route().handler().handle(exchange);
            return;
        }
        String principal = exchange.identity().principal().name();
        try (BodyBudget.Account memory = bodies.open(principal)) {
            exchange.receiveBody(memory);
            try (RequestGate.Place place =
                    exchange.route().waits() ? gate.enterOutside(principal) : gate.enter(principal)) {
                handle(exchange);
            }
        }
    }

    private static void handle(HttpExchange exchange) throws Exception {
        Optional<Exception> failure = exchange.memos()
                .runAs(
                        exchange.identity(),
                        () -> exchange.memos().runAs(exchange.call(), () -> {
                            try {
                                exchange.route().handler().handle(exchange);
                                return Optional.empty();
                            } catch (Exception e) {
                                return Optional.of(e);
                            }
                        }));
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static void writeError(HttpExchange exchange, RouteGroup.ErrorWriter refusal, Throwable failure) {
        if (exchange.context().res().isCommitted()) {
            LOG.debug(
                    "{} failed in the middle of its response", exchange.route().name(), failure);
            return;
        }
        ProblemDetail problem = ProblemDetail.of(failure);
        if (RETRIED.contains(problem.code()) && !exchange.context().res().containsHeader("Retry-After")) {
            exchange.header("Retry-After", "1");
        }
        switch (problem.code()) {
            case UPSTREAM_FAILED, MODEL_FAILED, MODEL_REFUSED, TIMEOUT, INVALID_CONFIGURATION ->
                LOG.warn("{} failed: {}", exchange.route().name(), problem.detail());
            case CLOSED, OVERLOADED -> {}
            default -> {
                if (problem.status() >= SERVER_ERROR) {
                    LOG.error("{} failed", exchange.route().name(), failure);
                }
            }
        }
        refusal.write(exchange, adjustStatus(exchange, problem));
    }

    /**
     * Uses the more specific HTTP statuses for an If-Match that does not hold and for a feature that is not configured.
     */
    private static ProblemDetail adjustStatus(HttpExchange exchange, ProblemDetail problem) {
        return switch (problem.code()) {
            case VERSION_CONFLICT ->
                exchange.header("If-Match").isPresent() ? problem.withStatus(PRECONDITION_FAILED) : problem;
            case INVALID_CONFIGURATION -> problem.withStatus(NOT_IMPLEMENTED);
            default -> problem;
        };
    }

    /** Starts listening. */
    public void start() {
        try {
            javalin.start();
        } catch (JavalinException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot listen on " + address.host() + ", port " + address.port() + ": " + e.getMessage()
                            + " Choose another address with server.host and server.port, or --host and --port.",
                    e);
        }
    }

    public int port() {
        return javalin.port();
    }

    /** Returns every route, in the order in which they are matched. */
    public List<Route> routes() {
        return routes.list();
    }

    /** Returns the number of open event streams. */
    public int openStreams() {
        return streams.open();
    }

    /** Returns the number of running requests, not counting open event streams. */
    public int runningCalls() {
        return Math.max(0, running.getRegisteredParties() - 1 - openStreams());
    }

    @Override
    public void close() {
        draining = true;
        streams.close();
        int phase = running.arriveAndDeregister();
        try {
            running.awaitAdvanceInterruptibly(phase, limits.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Requests that did not finish within {} were aborted.", limits.drain());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javalin.stop();
    }
}
