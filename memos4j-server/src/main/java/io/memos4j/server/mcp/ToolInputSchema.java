package io.memos4j.server.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the JSON schema of a tool's arguments. {@link McpToolCall} enforces the same bounds when it reads them. */
final class ToolInputSchema {
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();

    ToolInputSchema text(String name, int most, String description) {
        return put(name, Map.of("type", "string", "maxLength", most, "description", description));
    }

    /** Adds a list of memory ids, at most {@link McpToolCall#MOST_IDS}. */
    ToolInputSchema ids(String name, String description) {
        return texts(name, McpToolCall.MOST_IDS, description);
    }

    ToolInputSchema texts(String name, int most, String description) {
        return put(
                name,
                Map.of(
                        "type",
                        "array",
                        "maxItems",
                        most,
                        "items",
                        Map.of("type", "string", "maxLength", McpToolCall.NAME),
                        "description",
                        description));
    }

    ToolInputSchema choice(String name, List<String> values, String description) {
        return put(name, Map.of("type", "string", "enum", values, "description", description));
    }

    ToolInputSchema integer(String name, IntegerRange range, String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "integer");
        schema.put("minimum", range.least());
        schema.put("maximum", range.most());
        if (range.otherwise() != IntegerRange.NONE) {
            schema.put("default", range.otherwise());
        }
        schema.put("description", description);
        return put(name, schema);
    }

    /** Adds the time zone in which "yesterday" is read. */
    ToolInputSchema timeZone() {
        return text("time_zone", McpToolCall.NAME, "The user's time zone, such as Europe/Berlin or +02:00.");
    }

    ToolInputSchema cube() {
        return text("cube", McpToolCall.NAME, "The cube (a container of memories); omit it to use the default cube.");
    }

    ToolInputSchema maxTokens() {
        return integer("max_tokens", McpToolCall.TOKENS, "The maximum number of tokens to return.");
    }

    ToolInputSchema requiring(String... names) {
        required.addAll(List.of(names));
        return this;
    }

    private ToolInputSchema put(String name, Map<String, Object> schema) {
        properties.put(name, schema);
        return this;
    }

    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /**
     * The bounds of an integer.
     *
     * @param otherwise the default; {@link #NONE} for none
     */
    record IntegerRange(int least, int most, int otherwise) {
        static final int NONE = Integer.MIN_VALUE;
    }
}
