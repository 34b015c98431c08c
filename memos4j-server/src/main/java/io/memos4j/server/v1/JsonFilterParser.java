package io.memos4j.server.v1;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import io.memos4j.server.http.JsonBody;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Parses filters: {@code {"type": "fact", "session": ["a", "b"], "time": {"gte": "2026-01-01T00:00:00Z"},
 * "metadata.team": "blue"}}. All conditions must hold. {@code and} and {@code or} take a list of filters, {@code not}
 * takes one.
 */
final class JsonFilterParser {
    /** Fields that contain an instant. */
    private static final Set<String> TIMES = Set.of("time", "recorded", "updated", "until", "expires");

    private JsonFilterParser() {}

    static Filter parse(JsonBody body, String field) {
        return body.node(field).map(node -> filter(node, body.place(field))).orElse(Filter.ALL);
    }

    private static Filter filter(JsonNode node, String at) {
        if (!node.isObject()) {
            throw MemoryException.invalid("Filter '" + at + "' must be an object like {\"type\": \"fact\"}.");
        }
        List<Filter> parts = new ArrayList<>();
        node.properties().forEach(each -> parts.add(part(each.getKey(), each.getValue(), at)));
        return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
    }

    private static Filter part(String name, JsonNode value, String at) {
        String place = at + "." + name;
        return switch (name) {
            case "and" -> new Filter.And(list(value, place));
            case "or" -> new Filter.Or(list(value, place));
            case "not" -> new Filter.Not(filter(value, place));
            default -> condition(name, value, place);
        };
    }

    private static List<Filter> list(JsonNode node, String at) {
        if (!node.isArray()) {
            throw MemoryException.invalid("Filter '" + at + "' must be an array of filters.");
        }
        List<Filter> parts = new ArrayList<>();
        node.values().forEach(each -> parts.add(filter(each, at + "[" + parts.size() + "]")));
        return parts;
    }

    private static Filter condition(String field, JsonNode value, String at) {
        if (value.isObject()) {
            List<Filter> parts = new ArrayList<>();
            value.properties().forEach(each -> parts.add(compare(field, each.getKey(), each.getValue(), at)));
            return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
        }
        if (value.isArray()) {
            return Filter.in(
                    field,
                    value.values().stream().map(each -> scalar(field, each, at)).toList());
        }
        return Filter.eq(field, scalar(field, value, at));
    }

    private static Filter compare(String field, String operator, JsonNode value, String at) {
        return switch (operator) {
            case "eq" -> Filter.eq(field, scalar(field, value, at));
            case "ne" -> Filter.not(Filter.eq(field, scalar(field, value, at)));
            case "lt" -> new Compare(field, Operator.LT, scalar(field, value, at));
            case "lte" -> new Compare(field, Operator.LTE, scalar(field, value, at));
            case "gt" -> new Compare(field, Operator.GT, scalar(field, value, at));
            case "gte" -> new Compare(field, Operator.GTE, scalar(field, value, at));
            case "contains" -> new Compare(field, Operator.CONTAINS, scalar(field, value, at));
            case "in" -> condition(field, array(value, at), at);
            case "exists" -> value.asBoolean(true) ? Filter.exists(field) : Filter.not(Filter.exists(field));
            default ->
                throw MemoryException.invalid("Filter '" + at + "' has the unknown operator '" + operator
                        + "'. Use eq, ne, lt, lte, gt, gte, contains, in or exists.");
        };
    }

    private static JsonNode array(JsonNode value, String at) {
        if (!value.isArray()) {
            throw MemoryException.invalid("Filter '" + at + ".in' must be an array.");
        }
        return value;
    }

    private static Object scalar(String field, JsonNode value, String at) {
        return switch (value.getNodeType()) {
            case STRING -> TIMES.contains(field) ? instant(value.stringValue(), at) : value.stringValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value.doubleValue();
            default ->
                throw MemoryException.invalid("Filter '" + at + "' must compare with a string, a number or a boolean.");
        };
    }

    private static Object instant(String text, String at) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw MemoryException.invalid("Filter '" + at + "' is not a time. Write it like 2026-05-17T09:30:00Z.");
        }
    }
}
