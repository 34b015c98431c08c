package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.JsonBody;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * An MCP tool.
 *
 * @param kind the effect of a call
 * @param action handles a call
 */
record McpTool(String name, String description, Kind kind, ToolInputSchema arguments, Action action) {
    private static final Logger LOG = LoggerFactory.getLogger(McpTool.class);

    /** The effect of a call on the memory. */
    enum Kind {
        READS,
        ADDS,
        /** Changes or deletes existing memories. */
        ALTERS
    }

    /** Handles a call. */
    @FunctionalInterface
    interface Action {
        McpToolResult answer(McpToolCall call);
    }

    McpSchema.Tool declaration() {
        return McpSchema.Tool.builder(name, arguments.schema())
                .description(description)
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(kind == Kind.READS)
                        .destructiveHint(kind == Kind.ALTERS)
                        .idempotentHint(kind == Kind.READS)
                        .openWorldHint(false)
                        .build())
                .build();
    }

    /** Handles a call. Never throws: a failure is a result too, with a stable code. */
    CallToolResult call(McpAccess access, Optional<Map<String, Object>> given) {
        try {
            JsonBody body = JsonBody.of(BoundedJson.read(BoundedJson.write(given.orElse(Map.of()))), "");
            McpToolResult answer = access.call(
                    name,
                    kind != Kind.READS,
                    () -> access.asAssistant(() -> action.answer(new McpToolCall(access, body))));
            return CallToolResult.builder()
                    .addTextContent(answer.text())
                    .structuredContent(answer.structured())
                    .isError(false)
                    .build();
        } catch (MemoryException e) {
            access.recordFailure(name, e.code().httpStatus());
            return error(e.code(), explain(e));
        } catch (JacksonException e) {
            access.recordFailure(name, ErrorCode.INVALID_ARGUMENT.httpStatus());
            return error(ErrorCode.INVALID_ARGUMENT, "The arguments are not valid JSON.");
        } catch (RuntimeException e) {
            LOG.error("Tool {} failed", name, e);
            access.recordFailure(name, ErrorCode.INTERNAL.httpStatus());
            return error(ErrorCode.INTERNAL, "Internal error. The server's log has the cause.");
        }
    }

    private static String explain(MemoryException failure) {
        return failure.code() == ErrorCode.CUBE_NOT_FOUND
                ? "There is no such cube. list_cubes lists the existing ones; the first add_memory creates a new one."
                : failure.getMessage();
    }

    private static CallToolResult error(ErrorCode code, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code.id());
        error.put("message", message);
        error.put("retryable", code.retryable());
        return CallToolResult.builder()
                .addTextContent("[" + code.id() + "] " + message)
                .structuredContent(Map.of("error", error))
                .isError(true)
                .build();
    }
}
