package io.memos4j.server.mcp;

import java.util.Map;

/**
 * What a tool answers.
 *
 * @param text for the model
 * @param structured the same for programs
 * @param target what was changed, for the audit; empty if nothing was
 */
record McpToolResult(String text, Map<String, Object> structured, String target) {
    static McpToolResult of(String text, Map<String, Object> structured) {
        return new McpToolResult(text, structured, "");
    }

    McpToolResult withTarget(String changed) {
        return new McpToolResult(text, structured, changed);
    }
}
