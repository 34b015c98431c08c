package io.memos4j.server.mcp;

import java.util.Map;

/**
 * The result of a tool call.
 *
 * @param text the result for the model
 * @param structured the same result for programs
 */
record McpToolResult(String text, Map<String, Object> structured) {
    static McpToolResult of(String text, Map<String, Object> structured) {
        return new McpToolResult(text, structured);
    }
}
