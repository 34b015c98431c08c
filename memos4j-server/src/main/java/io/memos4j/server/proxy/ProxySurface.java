package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Json;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.memos4j.server.proxy.Recall.Recalled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chat completions in OpenAI's protocol, with a memory: each call is forwarded to a provider with what the memory knows about it, and what was said
 * is remembered. Everything else passes as it is, in both directions. See decision 014.
 */
public final class ProxySurface implements Surface {
    private static final Logger LOG = LoggerFactory.getLogger(ProxySurface.class);
    private static final String WARNING = "X-Memos4j-Warning";
    private static final String CAPTURE = "PROXY capture";
    private static final int OK = 200;

    private final Optional<Target> target;

    /** What answers behind this, and how it is asked. */
    private record Target(ProxyConfig config, Upstream upstream, Source source) {}

    /** Where the memories of a call come from. */
    @FunctionalInterface
    interface Source {
        Recalled from(MemCube cube, Talk talk);
    }

    public ProxySurface(Optional<ProxyConfig> config) {
        this.target = config.map(given -> new Target(given, new Upstream(given), new Recall(given.recall())::from));
    }

    ProxySurface(ProxyConfig config, Source source) {
        this.target = Optional.of(new Target(config, new Upstream(config), source));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/v1/chat/completions", Need.READ, this::complete),
                Route.get("/v1/models", Need.READ, this::models));
    }

    private Target target() {
        return target.orElseThrow(() -> new MemoryException(
                ErrorCode.ROUTE_NOT_FOUND,
                "No provider is configured. Set proxy.upstream in the configuration file of the server."));
    }

    private void models(Exchange exchange) {
        try (Upstream.Reply reply = target().upstream().send(exchange, "/models", Optional.empty())) {
            byte[] body = reply.whole();
            head(exchange, reply);
            exchange.context().result(body);
        }
    }

    private void complete(Exchange exchange) {
        Target to = target();
        Talk talk = Talk.of(exchange, ChatRequest.parse(exchange.bytes()));
        Optional<Recalled> recalled = recall(exchange, to, talk);
        if (recalled.isEmpty()) {
            return;
        }
        byte[] body =
                talk.request().with(recalled.get().profile(), recalled.get().memories());
        try (Upstream.Reply reply = to.upstream().send(exchange, "/chat/completions", Optional.of(body))) {
            if (reply.ok() && reply.streams()) {
                relay(exchange, reply).ifPresent(answer -> capture(exchange, to, talk, answer));
                return;
            }
            byte[] answer = reply.whole();
            head(exchange, reply);
            if (reply.ok()) {
                capture(exchange, to, talk, Completion.of(answer));
            }
            exchange.context().result(answer);
        }
    }

    // Before.

    /** What to add; empty if that is required and failed, and the call was refused. */
    private static Optional<Recalled> recall(Exchange exchange, Target to, Talk talk) {
        try {
            return Optional.of(exchange.find(talk.name(), Permission.READ)
                    .map(cube -> to.source().from(cube, talk))
                    .orElse(Recalled.NOTHING));
        } catch (RuntimeException e) {
            ErrorCode code = e instanceof MemoryException known ? known.code() : ErrorCode.INTERNAL;
            LOG.warn("Nothing could be recalled for a call of the proxy", e);
            if (to.config().recall().required()) {
                exchange.answer(
                        503, error(503, code, "The memory could not be asked, and calls need it. Send it again."));
                return Optional.empty();
            }
            exchange.header(WARNING, "recall_failed " + code.id());
            return Optional.of(Recalled.NOTHING);
        }
    }

    // The answer.

    /** Status and those headers that tell a client how to go on. */
    private static void head(Exchange exchange, Upstream.Reply reply) {
        exchange.context().status(reply.status());
        reply.header("Content-Type").ifPresent(exchange::contentType);
        reply.header("X-Request-Id").ifPresent(id -> exchange.header("X-Upstream-Request-Id", id));
        reply.headers().map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("retry-after")
                    || lower.startsWith("x-ratelimit-")
                    || lower.startsWith("openai-")
                    || lower.equals("x-should-retry")) {
                exchange.header(name, String.join(", ", values));
            }
        });
    }

    /**
     * Passes a stream on, each piece as it comes. A client that is gone ends it, and with it the provider's work.
     *
     * @return what the assistant said, if it was said and passed on completely
     */
    private static Optional<String> relay(Exchange exchange, Upstream.Reply reply) {
        head(exchange, reply);
        exchange.header("Cache-Control", "no-cache");
        exchange.header("X-Accel-Buffering", "no");
        Completion completion = new Completion();
        Optional<Passing> passing = Passing.to(exchange);
        while (passing.isPresent()) {
            Optional<byte[]> piece;
            try {
                piece = reply.next();
            } catch (IOException | MemoryException e) {
                LOG.info("A provider's stream broke off: {}", e.getMessage());
                passing.get().on(brokenOff());
                return Optional.empty();
            }
            if (piece.isEmpty()) {
                return completion.text();
            }
            completion.read(piece.get());
            if (!passing.get().on(piece.get())) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** What clients of this protocol take for an error in the middle of a stream. */
    private static byte[] brokenOff() {
        Map<String, Object> error = error(502, ErrorCode.UPSTREAM_FAILED, "The provider's answer broke off.");
        return ("\n\ndata: " + Json.text(error) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The way to the client. */
    private record Passing(OutputStream out) {
        static Optional<Passing> to(Exchange exchange) {
            try {
                return Optional.of(new Passing(exchange.context().res().getOutputStream()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** Whether the client is still there. */
        boolean on(byte[] piece) {
            try {
                out.write(piece);
                out.flush();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    // After.

    /** The client has its answer or is about to: a failure is noted, not answered. */
    private static void capture(Exchange exchange, Target to, Talk talk, String answer) {
        if (!to.config().capture()) {
            return;
        }
        try {
            boolean writes = exchange.permission(talk.cube())
                    .filter(held -> held.includes(Permission.WRITE))
                    .isPresent();
            if (!writes) {
                warn(exchange, "not_captured read_only");
                return;
            }
            List<ItemId> stored = Capture.store(exchange.cubeToAddTo(talk.name()), talk, answer);
            if (!stored.isEmpty()) {
                exchange.target(
                        String.join(" ", stored.stream().map(ItemId::toString).toList()));
                exchange.changed(CAPTURE, OK);
            }
        } catch (MemoryException e) {
            LOG.warn("A conversation was not captured", e);
            exchange.changed(CAPTURE, e.code().httpStatus());
            warn(exchange, "not_captured " + e.code().id());
        }
    }

    private static void warn(Exchange exchange, String warning) {
        if (!exchange.context().res().isCommitted()) {
            exchange.header(WARNING, warning);
        }
    }

    // Failures.

    @Override
    public Refusal refusal() {
        return (exchange, problem) -> exchange.answer(problem.status(), error(problem));
    }

    private static Map<String, Object> error(Problem problem) {
        return error(problem.status(), problem.code(), problem.detail());
    }

    private static Map<String, Object> error(int status, ErrorCode code, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type(status));
        error.put("param", null);
        error.put("code", code.id());
        return Map.of("error", error);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }
}
