package io.memos4j.server.facade;

import io.memos4j.server.http.BoundedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Converts values that clients attach to memories to metadata. Null values and keys reserved by the protocol are
 * dropped.
 */
public final class ClientMetadata {
    private ClientMetadata() {}

    /** @param owned reserved keys, which are dropped */
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

    /** Returns a metadata value as text; empty if it is missing or not text. */
    public static String text(Map<String, Object> metadata, String key) {
        return Objects.requireNonNullElse(metadata.get(key), "") instanceof String text ? text : "";
    }

    /** Returns a metadata value as a list of texts; empty if it is missing or not a list. */
    public static List<String> texts(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
