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
 * One tool.
 *
 * @param kind what a call does to the memory
 * @param action does it
 */
record McpTool(String name, String description, Kind kind, ToolInputSchema arguments, Action action) {
    private static final Logger LOG = LoggerFactory.getLogger(McpTool.class);
    private static final int OK = 200;

    /** What a call does to the memory. */
    enum Kind {
        READS,
        ADDS,
        /** Changes or takes away what is there. */
        ALTERS
    }

    /** Answers a call. */
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

    /** Never throws: a failure is an answer too, with a stable code. */
    CallToolResult call(McpAccess access, Optional<Map<String, Object>> given) {
        try {
            JsonBody body = JsonBody.of(BoundedJson.read(BoundedJson.write(given.orElse(Map.of()))), "");
            McpToolResult answer = action.answer(new McpToolCall(access, body));
            recordChange(access, answer.target(), OK);
            return CallToolResult.builder()
                    .addTextContent(answer.text())
                    .structuredContent(answer.structured())
                    .isError(false)
                    .build();
        } catch (MemoryException e) {
            recordChange(access, "", e.code().httpStatus());
            return error(e.code(), explain(e));
        } catch (JacksonException e) {
            recordChange(access, "", ErrorCode.INVALID_ARGUMENT.httpStatus());
            return error(ErrorCode.INVALID_ARGUMENT, "The arguments are no JSON that is read here.");
        } catch (RuntimeException e) {
            LOG.error("Tool {} failed", name, e);
            recordChange(access, "", ErrorCode.INTERNAL.httpStatus());
            return error(ErrorCode.INTERNAL, "The memory failed to answer. Its log says why.");
        }
    }

    private void recordChange(McpAccess access, String target, int outcome) {
        if (kind != Kind.READS) {
            access.recordChange(name, target, outcome);
        }
    }

    private static String explain(MemoryException failure) {
        return failure.code() == ErrorCode.CUBE_NOT_FOUND
                ? "There is no such cube. list_cubes names those there are; the first add_memory makes a new one."
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
