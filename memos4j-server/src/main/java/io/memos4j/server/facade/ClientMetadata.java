package io.memos4j.server.facade;

import io.memos4j.api.MemoryException;
import io.memos4j.server.http.BoundedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The values that clients attach to memories, made into metadata: what is null is left out, keys that a protocol owns
 * are not the client's.
 */
public final class ClientMetadata {
    private ClientMetadata() {}

    /** @param owned keys that are dropped */
    public static Map<String, Object> parse(JsonNode object, Set<String> owned) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.properties().forEach(each -> {
            boolean kept = !each.getKey().isEmpty() && !owned.contains(each.getKey());
            if (kept && !each.getValue().isNull()) {
                values.put(each.getKey(), plain(each.getValue()));
            }
        });
        return values;
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            return parse(node, Set.of());
        }
        if (node.isArray()) {
            return node.values().stream()
                    .filter(each -> !each.isNull())
                    .map(ClientMetadata::plain)
                    .toList();
        }
        return BoundedJson.plain(node);
    }

    /** A value that a filter compares to. */
    public static Object filterValue(JsonNode value, String place) {
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value.doubleValue();
            default ->
                throw MemoryException.invalid(
                        "Filter '" + place + "' must compare to a string, a number or a boolean.");
        };
    }

    /** A value of metadata as text; empty if it is none. */
    public static String text(Map<String, Object> metadata, String key) {
        return Objects.requireNonNullElse(metadata.get(key), "") instanceof String text ? text : "";
    }

    /** A value of metadata as a list of texts. */
    public static List<String> texts(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
