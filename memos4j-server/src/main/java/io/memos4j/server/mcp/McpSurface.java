package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Model Context Protocol at {@code /mcp}: streamable HTTP, a JSON answer for each message. The SDK's servlet reads and writes, the route
 * table and its gate stand before it, so a call needs a key like any other; what a tool may do is decided when it reaches for a cube. A stream
 * from the server (GET) is not offered, for there is nothing to say unasked.
 */
public final class McpSurface implements Surface {
    static final String STANDARD_CUBE = "default";

    private static final String PATH = "/mcp";
    private static final String EXCHANGE = McpSurface.class.getName();

    /** Pages on this machine. */
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpServletStatelessServerTransport transport;
    private final Set<String> origins;

    /**
     * The surface.
     *
     * @param bytes the largest message
     * @param origins of pages that may call from a browser beside those on this machine, for example {@code https://chat.example.com}
     */
    public McpSurface(int bytes, List<String> origins) {
        this.origins = Set.copyOf(origins);
        McpJsonMapper json = Features.json();
        this.transport = HttpServletStatelessServerTransport.builder()
                .jsonMapper(json)
                .messageEndpoint(PATH)
                .maxRequestSize(bytes)
                .contextExtractor(request -> Features.context((Access) request.getAttribute(EXCHANGE)))
                .build();
        Features.serve(transport, json, STANDARD_CUBE);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("POST", PATH, Need.READ, this::message));
    }

    private void message(Exchange exchange) throws Exception {
        exchange.header("Origin").ifPresent(this::check);
        var request = exchange.context().req();
        request.setAttribute(EXCHANGE, new CallerAccess(exchange));
        transport.service(request, exchange.context().res());
    }

    /** A page on the web must not reach a server on its reader's machine by giving its own name this machine's address. */
    private void check(String origin) {
        if (!origins.contains(origin) && !local(origin)) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN, "Pages of this origin may not call. Add it to mcp.origins if they should.");
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
    public Refusal refusal() {
        return McpSurface::refuse;
    }

    private static void refuse(Exchange exchange, Problem problem) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", problem.status() >= 500 ? McpSchema.ErrorCodes.INTERNAL_ERROR : McpSchema.ErrorCodes.INVALID_REQUEST);
        error.put("message", problem.detail());
        error.put("data", Map.of("code", problem.code().id(), "request_id", exchange.requestId()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jsonrpc", "2.0");
        json.put("id", null);
        json.put("error", error);
        exchange.answer(problem.status(), json);
    }
}
