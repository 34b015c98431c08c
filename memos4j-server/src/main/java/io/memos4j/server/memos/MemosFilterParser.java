package io.memos4j.server.memos;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.FilterConditions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Parses the filters of MemOS's self-hosted server and its cloud: {@code {"and": [{"tags": {"contains": "reading"}},
 * {"team": "blue"}]}}. A name that is not a field of MemOS is a key of {@code info}. Fields that cannot be filtered by
 * are rejected, never ignored.
 */
final class MemosFilterParser {
    /** Response fields that cannot be filtered by. */
    private static final Set<String> UNFILTERED = Set.of(
            "memory",
            "memory_value",
            "key",
            "memory_key",
            "embedding",
            "background",
            "usage",
            "sources",
            "history",
            "relativity",
            "version",
            "visibility",
            "mem_cube_id",
            "user_name",
            "public",
            "knowledgebase");

    private static final String AND = "and";
    private static final String OR = "or";
    private static final String INFO = "info.";

    private MemosFilterParser() {}

    /** Parses a filter. All conditions must hold; {@code and} and {@code or} take lists. */
    static Filter parse(JsonNode node) {
        if (!node.isObject()) {
            throw MemoryException.invalid(
                    "A filter must be an object like {\"and\": [{\"tags\": {\"contains\": \"x\"}}]}.");
        }
        if (!node.has(AND) && !node.has(OR)) {
            return conditions(node);
        }
        if (node.size() > 1) {
            throw MemoryException.invalid("A filter with 'and' or 'or' must have no other fields.");
        }
        List<Filter> parts = new ArrayList<>();
        JsonNode list = node.has(AND) ? node.path(AND) : node.path(OR);
        if (!list.isArray()) {
            throw MemoryException.invalid("'and' and 'or' take a list of conditions.");
        }
        list.values().forEach(each -> parts.add(parse(each)));
        return node.has(AND) ? new Filter.And(parts) : new Filter.Or(parts);
    }

    /**
     * Parses a search's filter for one of its cubes: either one filter for all of them, or one under the name of each
     * cube.
     */
    static Filter parse(JsonNode node, String cube, Collection<String> cubes) {
        boolean each = node.isObject()
                && !node.isEmpty()
                && node.propertyNames().stream()
                        .allMatch(
                                name -> cubes.contains(name) && node.path(name).isObject());
        if (!each) {
            return parse(node);
        }
        return node.has(cube) ? parse(node.path(cube)) : Filter.ALL;
    }

    private static Filter conditions(JsonNode node) {
        List<Filter> parts = new ArrayList<>();
        node.properties().forEach(each -> parts.add(condition(each.getKey(), each.getValue())));
        return FilterConditions.all(parts);
    }

    private static Filter condition(String field, JsonNode value) {
        if (field.equals("user") && value.isObject()) {
            return parse(value); // The cloud's section for users' memories, which are the only ones here.
        }
        if (UNFILTERED.contains(field)) {
            throw MemoryException.invalid("Memories cannot be filtered by '" + field
                    + "'. Use tags, session_id, memory_type, created_at, updated_at, status, type or keys of info.");
        }
        if (!value.isObject()) {
            return compare(field, "=", value);
        }
        List<Filter> parts = new ArrayList<>();
        value.properties().forEach(each -> parts.add(compare(field, each.getKey(), each.getValue())));
        return FilterConditions.all(parts);
    }

    private static Filter compare(String field, String operator, JsonNode value) {
        if (operator.equals("in")) {
            if (!value.isArray()) {
                throw MemoryException.invalid("Filter '" + field + "': 'in' takes a list.");
            }
            return new Filter.Or(value.values().stream()
                    .map(each -> compare(field, "=", each))
                    .toList());
        }
        return switch (field) {
            case "tags" ->
                Filter.or(
                        compare("tag", field, operator, value),
                        compare(Filter.METADATA + MemosInputContext.TAGS, field, operator, value));
            case "session_id", "conversation_id" -> compare("session", field, operator, value);
            case "created_at", "create_time" -> compare("recorded", field, operator, value);
            case "updated_at", "update_time" -> compare("updated", field, operator, value);
            case "chat_time" -> compare("time", field, operator, value);
            case "id", "memory_id" -> compare("id", field, operator, value);
            case "type", "role" -> compare(field, field, operator, value);
            case "memory_type" -> MemosMemoryTypes.filter(equal(field, operator, value));
            case "status" -> status(equal(field, operator, value));
            case AddProgress.KEY -> compare(Filter.METADATA + AddProgress.KEY, field, operator, value);
            default -> {
                String key = field.startsWith(INFO) ? field.substring(INFO.length()) : field;
                yield compare(Filter.METADATA + key, field, operator, value);
            }
        };
    }

    private static String equal(String field, String operator, JsonNode value) {
        if (!operator.equals("=") || !value.isString()) {
            throw MemoryException.invalid("Filter '" + field + "' can only be equal to a string.");
        }
        return value.stringValue();
    }

    private static Filter status(String status) {
        return switch (status) {
            case "activated" -> Filter.RECALLED;
            case "archived", "deleted" -> Filter.eq("state", "archived");
            case "resolving" -> Filter.eq("state", "generated");
            default ->
                throw MemoryException.invalid(
                        "Filter 'status' must be activated, resolving, archived or deleted, not '" + status + "'.");
        };
    }

    /** @param shown the client's name of the field */
    private static Filter compare(String field, String shown, String operator, JsonNode value) {
        Object given = FilterConditions.value(field, shown, value);
        return switch (operator) {
            // A field with several values equals each of them.
            case "=", "contains" -> Filter.eq(field, given);
            case "like" -> new Compare(field, Operator.CONTAINS, given);
            default ->
                FilterConditions.range(field, operator, given)
                        .orElseThrow(() -> MemoryException.invalid("Filter '" + shown + "' has the unknown operator '"
                                + operator + "'. Use gt, lt, gte, lte, contains, in or like."));
        };
    }
}
