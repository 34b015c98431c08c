package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.proxy.MemoryRecall.RecalledContext;
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
 * Proxies chat completions in OpenAI's protocol and adds a memory: each request is forwarded to a provider with
 * recalled memories, and the conversation is remembered. Everything else passes through unchanged in both directions.
 * See decision 014.
 */
public final class ChatProxyRoutes implements RouteGroup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChatProxyRoutes.class);
    private static final String WARNING = "X-Memos4j-Warning";
    private static final String CAPTURE = "PROXY capture";

    private final Optional<ConfiguredProxy> proxy;

    /** The configured provider and the recall for its requests. */
    private record ConfiguredProxy(ProxyConfig config, UpstreamClient upstream, RecallSource source) {}

    /** Recalls the memories for a request. */
    @FunctionalInterface
    interface RecallSource {
        RecalledContext recall(MemCube cube, ProxyConversation conversation);
    }

    public ChatProxyRoutes(Optional<ProxyConfig> config) {
        this.proxy = config.map(given ->
                new ConfiguredProxy(given, new UpstreamClient(given), new MemoryRecall(given.recall())::recall));
    }

    ChatProxyRoutes(ProxyConfig config, RecallSource source) {
        this.proxy = Optional.of(new ConfiguredProxy(config, new UpstreamClient(config), source));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/v1/chat/completions", RequiredAccess.READ, this::complete)
                        .waiting(),
                Route.get("/v1/models", RequiredAccess.READ, this::models).waiting());
    }

    /** Ends running calls to the provider. */
    @Override
    public void close() {
        proxy.ifPresent(configured -> configured.upstream().close());
    }

    private ConfiguredProxy proxy() {
        return proxy.orElseThrow(() -> new MemoryException(
                ErrorCode.ROUTE_NOT_FOUND,
                "No provider is configured. Set proxy.upstream in the server's configuration file."));
    }

    private void models(HttpExchange exchange) {
        try (UpstreamClient.Reply reply = proxy().upstream().send(exchange, "/models", Optional.empty())) {
            byte[] body = reply.whole();
            copyHead(exchange, reply);
            exchange.context().result(body);
        }
    }

    private void complete(HttpExchange exchange) {
        ConfiguredProxy proxy = proxy();
        ProxyConversation conversation =
                ProxyConversation.of(exchange, ChatCompletionRequest.parse(exchange.jsonBytes()));
        Optional<RecalledContext> recalled = recall(exchange, proxy, conversation);
        if (recalled.isEmpty()) {
            return;
        }
        byte[] body = conversation
                .request()
                .withContext(recalled.get().profile(), recalled.get().memories());
        try (UpstreamClient.Reply reply = proxy.upstream().send(exchange, "/chat/completions", Optional.of(body))) {
            if (reply.ok() && reply.streams()) {
                relay(exchange, reply).ifPresent(answer -> capture(exchange, proxy, conversation, answer));
                return;
            }
            byte[] answer = reply.whole();
            copyHead(exchange, reply);
            if (reply.ok()) {
                capture(exchange, proxy, conversation, CompletionReader.textOf(answer));
            }
            exchange.context().result(answer);
        }
    }

    // Recall.

    /** Recalls memories; empty if that failed but is required, in which case the request has been rejected. */
    private static Optional<RecalledContext> recall(
            HttpExchange exchange, ConfiguredProxy proxy, ProxyConversation conversation) {
        try {
            return Optional.of(exchange.findCube(conversation.name(), Permission.READ)
                    .map(cube -> proxy.source().recall(cube, conversation))
                    .orElse(RecalledContext.NOTHING));
        } catch (RuntimeException e) {
            ErrorCode code = e instanceof MemoryException known ? known.code() : ErrorCode.INTERNAL;
            LOG.warn("Recall failed for a request to the proxy", e);
            if (proxy.config().recall().required()) {
                exchange.respond(503, error(503, code, "Recall failed, and this server requires it. Try again."));
                return Optional.empty();
            }
            exchange.header(WARNING, "recall_failed " + code.id());
            return Optional.of(RecalledContext.NOTHING);
        }
    }

    // The response.

    /** Copies the status and the headers that a client needs for retries and rate limits. */
    private static void copyHead(HttpExchange exchange, UpstreamClient.Reply reply) {
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
     * Relays a stream chunk by chunk. If the client disconnects, the provider's stream is closed too.
     *
     * @return the assistant's answer, if it was received and relayed completely
     */
    private static Optional<String> relay(HttpExchange exchange, UpstreamClient.Reply reply) {
        copyHead(exchange, reply);
        exchange.header("X-Accel-Buffering", "no");
        CompletionReader completion = new CompletionReader();
        Optional<ClientStream> client = ClientStream.open(exchange);
        while (client.isPresent()) {
            byte[] chunk;
            try {
                chunk = reply.next();
            } catch (MemoryException e) {
                LOG.info("A provider's stream broke off: {}", e.getMessage());
                client.get().write(brokenOffEvent());
                return Optional.empty();
            }
            if (chunk.length == 0) {
                return completion.text();
            }
            completion.append(chunk);
            if (!client.get().write(chunk)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Returns the event that clients of this protocol recognize as an error in the middle of a stream. */
    private static byte[] brokenOffEvent() {
        Map<String, Object> error = error(502, ErrorCode.UPSTREAM_FAILED, "The provider's answer broke off.");
        return ("\n\ndata: " + BoundedJson.text(error) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The response stream to the client. */
    private record ClientStream(OutputStream out) {
        static Optional<ClientStream> open(HttpExchange exchange) {
            try {
                return Optional.of(new ClientStream(exchange.context().res().getOutputStream()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** Writes a chunk; returns false if the client has disconnected. */
        boolean write(byte[] chunk) {
            try {
                out.write(chunk);
                out.flush();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    // Capture.

    /**
     * Remembers the conversation. The client has its answer already or is about to, so a failure is only logged and
     * audited.
     */
    private static void capture(
            HttpExchange exchange, ConfiguredProxy proxy, ProxyConversation conversation, String answer) {
        if (!proxy.config().capture()) {
            return;
        }
        try {
            if (!exchange.hasPermission(conversation.cube(), Permission.WRITE)) {
                warn(exchange, "not_captured read_only");
                return;
            }
            exchange.memos().runAs(exchange.call().as(CAPTURE).changing(), () -> {
                MemCube cube = exchange.cubeForWriting(conversation.name());
                ConversationCapture.store(cube, conversation, answer);
                return cube;
            });
        } catch (MemoryException e) {
            LOG.warn("Cannot remember a conversation", e);
            exchange.recordFailure(CAPTURE, e.code().httpStatus());
            warn(exchange, "not_captured " + e.code().id());
        }
    }

    private static void warn(HttpExchange exchange, String warning) {
        if (!exchange.context().res().isCommitted()) {
            exchange.header(WARNING, warning);
        }
    }

    // Errors.

    @Override
    public ErrorWriter errorWriter() {
        return (exchange, problem) -> exchange.respond(problem.status(), error(problem));
    }

    private static Map<String, Object> error(ProblemDetail problem) {
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
