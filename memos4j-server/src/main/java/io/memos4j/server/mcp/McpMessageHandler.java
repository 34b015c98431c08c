package io.memos4j.server.mcp;

import io.memos4j.server.http.BoundedJson;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/**
 * Handles the protocol's messages one by one, over any transport. Replaces the SDK's own transports, which answer
 * malformed messages with stack traces and status 500 and log them. Thread-safe.
 */
final class McpMessageHandler implements McpStatelessServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(McpMessageHandler.class);

    private final McpJsonMapper json = new JacksonMcpJsonMapper(BoundedJson.mapper());

    private @Nullable McpStatelessServerHandler handler;

    private McpMessageHandler() {}

    /** @param cube the default cube */
    static McpMessageHandler create(String cube) {
        McpMessageHandler messages = new McpMessageHandler();
        McpServerFactory.serve(messages, messages.json, cube);
        return messages;
    }

    /**
     * The reply to a message.
     *
     * @param understood whether it was a valid message
     * @param json the response; empty if there is none
     */
    record Reply(boolean understood, Optional<String> json) {}

    Reply handle(McpAccess access, String message) {
        JSONRPCMessage parsed;
        try {
            parsed = McpSchema.deserializeJsonRpcMessage(json, message);
        } catch (IOException | JacksonException e) {
            return unreadable(ErrorCodes.PARSE_ERROR, "The message is not JSON.");
        } catch (RuntimeException e) {
            // The SDK throws a NullPointerException for null, among others.
            return unreadable(ErrorCodes.INVALID_REQUEST, "The message is not a JSON-RPC 2.0 message.");
        }
        McpTransportContext context = McpServerFactory.context(access);
        return switch (parsed) {
            case JSONRPCRequest request -> new Reply(true, Optional.of(serialize(handle(context, request))));
            case JSONRPCNotification notification -> {
                handleNotification(context, notification);
                yield new Reply(true, Optional.empty());
            }
            // A response to a request that was never sent.
            default -> new Reply(true, Optional.empty());
        };
    }

    private Object handle(McpTransportContext context, JSONRPCRequest request) {
        try {
            return Objects.requireNonNull(handler()
                    .handleRequest(context, request)
                    .contextWrite(view -> view.put(McpTransportContext.KEY, context))
                    .block());
        } catch (McpError e) {
            return errorResponse(request.id(), e.getJsonRpcError());
        } catch (JacksonException | IllegalArgumentException e) {
            return errorResponse(
                    request.id(),
                    new JSONRPCError(ErrorCodes.INVALID_PARAMS, "The parameters do not match this method."));
        } catch (RuntimeException e) {
            LOG.error("Cannot handle message {}", request.method(), e);
            return errorResponse(
                    request.id(),
                    new JSONRPCError(ErrorCodes.INTERNAL_ERROR, "Internal error. The server's log has the cause."));
        }
    }

    private void handleNotification(McpTransportContext context, JSONRPCNotification notification) {
        try {
            handler()
                    .handleNotification(context, notification)
                    .contextWrite(view -> view.put(McpTransportContext.KEY, context))
                    .block();
        } catch (RuntimeException e) {
            LOG.debug("Cannot handle notification {}", notification.method(), e);
        }
    }

    private Reply unreadable(int code, String message) {
        return new Reply(false, Optional.of(serialize(errorResponse(null, new JSONRPCError(code, message)))));
    }

    private static Map<String, Object> errorResponse(@Nullable Object id, JSONRPCError error) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        answer.put("id", id);
        answer.put("error", error);
        return answer;
    }

    private String serialize(Object answer) {
        try {
            return json.writeValueAsString(answer);
        } catch (IOException e) {
            throw new IllegalStateException("cannot serialize a response", e);
        }
    }

    private McpStatelessServerHandler handler() {
        return Objects.requireNonNull(handler, "no handler has been set");
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler newHandler) {
        handler = newHandler;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
