package io.memos4j.server.mcp;

import java.util.Map;

/**
 * The result of a tool call.
 *
 * @param text the result for the model
 * @param structured the same result for programs
 * @param target the ids of what was changed, for the audit; empty if nothing was
 */
record McpToolResult(String text, Map<String, Object> structured, String target) {
    static McpToolResult of(String text, Map<String, Object> structured) {
        return new McpToolResult(text, structured, "");
    }

    McpToolResult withTarget(String changed) {
        return new McpToolResult(text, structured, changed);
    }
}
