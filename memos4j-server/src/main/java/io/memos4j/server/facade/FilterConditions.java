package io.memos4j.server.facade;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Converts the conditions of clients' filters. */
public final class FilterConditions {
    /** Fields that contain an instant. */
    private static final Set<String> TIMES = Set.of("time", "recorded", "updated", "expires");

    private FilterConditions() {}

    /** Matches what all of the filters match. A single filter is returned as it is. */
    public static Filter all(List<Filter> filters) {
        return filters.size() == 1 ? filters.getFirst() : new Filter.And(filters);
    }

    /**
     * Converts the value that a field is compared with.
     *
     * @param shown the client's name of the field, for messages
     */
    public static Object value(String field, String shown, JsonNode value) {
        if (TIMES.contains(field)) {
            return LenientTimeParser.parse(value, ZoneOffset.UTC)
                    .map(OffsetDateTime::toInstant)
                    .orElseThrow(() -> MemoryException.invalid(
                            "Filter '" + shown + "' is not a time. Write it like 2026-05-17T09:30:00Z."));
        }
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value.doubleValue();
            default ->
                throw MemoryException.invalid(
                        "Filter '" + shown + "' must compare with a string, a number or a boolean.");
        };
    }

    /** Converts gt, gte, lt and lte; empty for other operators. */
    public static Optional<Filter> range(String field, String operator, Object value) {
        return switch (operator) {
            case "gt" -> Optional.of(new Compare(field, Operator.GT, value));
            case "gte" -> Optional.of(new Compare(field, Operator.GTE, value));
            case "lt" -> Optional.of(new Compare(field, Operator.LT, value));
            case "lte" -> Optional.of(new Compare(field, Operator.LTE, value));
            default -> Optional.empty();
        };
    }
}
