package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.mcp.McpMessageHandler.Reply;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Serves the Model Context Protocol at {@code /mcp}: streamable HTTP with a JSON response for each message. Like any
 * route it requires a key; permissions are checked when a tool accesses a cube. There are no sessions and no
 * server-initiated stream (GET), because the server has nothing to send on its own.
 */
public final class McpRoutes implements RouteGroup {
    static final String DEFAULT_CUBE = "default";

    private static final String PATH = "/mcp";

    /** Hosts of pages on this machine. */
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final String VERSION = "MCP-Protocol-Version";

    private final Set<String> origins;

    /** Created by the first message: loading the SDK takes about 0.4 s of CPU, which would slow down every start. */
    private static final class LazyHandler {
        private static final McpMessageHandler HANDLER = McpMessageHandler.create(DEFAULT_CUBE);
    }

    /**
     * @param origins the origins of web pages that may call from a browser, besides local ones, such as
     *     {@code https://chat.example.com}
     */
    public McpRoutes(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("POST", PATH, RequiredAccess.READ, this::message));
    }

    private void message(HttpExchange exchange) {
        McpMessageHandler messages = LazyHandler.HANDLER;
        exchange.header("Origin").ifPresent(this::check);
        exchange.header(VERSION)
                .filter(each -> !messages.protocolVersions().contains(each))
                .ifPresent(unknown -> {
                    throw MemoryException.invalid("Header " + VERSION + " must be one of "
                            + String.join(", ", messages.protocolVersions()) + ".");
                });
        String message = new String(exchange.jsonBytes(), StandardCharsets.UTF_8);
        Reply reply = messages.handle(new CallerAccess(exchange), message);
        exchange.context().status(reply.json().isEmpty() ? 202 : reply.understood() ? 200 : 400);
        reply.json().ifPresent(json -> {
            exchange.contentType("application/json");
            exchange.context().result(json.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Prevents DNS rebinding: a web page must not reach a server on its visitor's machine. */
    private void check(String origin) {
        if (!origins.contains(origin) && !local(origin)) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN, "Pages of this origin are not allowed. Add it to mcp.origins to allow them.");
        }
    }

    private static boolean local(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host != null && LOCAL.contains(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public ErrorWriter errorWriter() {
        return McpRoutes::refuse;
    }

    private static void refuse(HttpExchange exchange, ProblemDetail problem) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put(
                "code",
                problem.status() >= 500 ? McpSchema.ErrorCodes.INTERNAL_ERROR : McpSchema.ErrorCodes.INVALID_REQUEST);
        error.put("message", problem.detail());
        error.put("data", Map.of("code", problem.code().id(), "request_id", exchange.requestId()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jsonrpc", "2.0");
        json.put("id", null);
        json.put("error", error);
        exchange.respond(problem.status(), json);
    }
}
