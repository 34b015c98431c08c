package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.internal.EpochMillis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Translates a filter into a condition on item {@code i} and version {@code v}. Every value is bound, never written
 * into the text. Conditions are never NULL, so that NOT means what the filter's contract says.
 */
final class FilterSql {
    private final List<Object> values = new ArrayList<>();
    private final boolean ofVersion;
    private final String condition;

    private FilterSql(Filter filter, boolean ofVersion) {
        this.ofVersion = ofVersion;
        this.condition = condition(filter);
    }

    /** For {@code v} as the current version: reads from {@code i} what an index may serve. */
    static FilterSql of(Filter filter) {
        return new FilterSql(filter, false);
    }

    /** For {@code v} as any version. */
    static FilterSql ofVersion(Filter filter) {
        return new FilterSql(filter, true);
    }

    String condition() {
        return condition;
    }

    /** The values to bind, in the order of the condition. */
    List<Object> values() {
        return values;
    }

    private String condition(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) -> joined(parts, " AND ", "1");
            case Filter.Or(List<Filter> parts) -> joined(parts, " OR ", "0");
            case Filter.Not(Filter part) -> "NOT " + condition(part);
            case Filter.Compare(String field, Filter.Operator operator, Object value) ->
                operator == Filter.Operator.CONTAINS ? contains(field, value) : compare(field, symbol(operator), value);
            case Filter.In(String field, List<Object> among) -> in(field, among);
            case Filter.Exists(String field) -> exists(field);
        };
    }

    private String in(String field, List<Object> among) {
        return switch (field) {
            case "type" -> {
                String types = SqliteJson.of(among);
                values.add(types);
                yield bound(
                        "(i.type IN (SELECT value FROM json_each(?)) OR v.standing <> '[]' AND EXISTS"
                                + " (SELECT 1 FROM json_each(v.standing) WHERE value IN"
                                + " (SELECT value FROM json_each(?))))",
                        types);
            }
            // One bound value for a choice of any size.
            case "state", "session", "role", "speaker", "sensitivity" ->
                bound(column(field) + " IN (SELECT value FROM json_each(?))", SqliteJson.of(among));
            case "tag" ->
                bound(
                        "EXISTS (SELECT 1 FROM json_each(v.tags) WHERE value IN (SELECT value FROM json_each(?)))",
                        SqliteJson.of(among));
            case "source" ->
                bound(
                        "EXISTS (SELECT 1 FROM link l WHERE l.cube_id = i.cube_id AND l.item_id = i.item_id"
                                + " AND l.source_id IN (SELECT value FROM json_each(?)))",
                        SqliteJson.of(among));
            case "id" ->
                bound(
                        "lower(hex(i.item_id)) IN (SELECT replace(lower(value), '-', '') FROM json_each(?))",
                        SqliteJson.of(among));
            default ->
                among.isEmpty()
                        ? "0"
                        : among.stream()
                                .map(value -> compare(field, "=", value))
                                .collect(Collectors.joining(" OR ", "(", ")"));
        };
    }

    private String joined(List<Filter> parts, String operator, String empty) {
        return parts.isEmpty()
                ? empty
                : parts.stream().map(this::condition).collect(Collectors.joining(operator, "(", ")"));
    }

    private static String symbol(Filter.Operator operator) {
        return switch (operator) {
            case EQ -> "=";
            case LT -> "<";
            case LTE -> "<=";
            case GT -> ">";
            case GTE -> ">=";
            case CONTAINS -> throw new IllegalArgumentException("Not a comparison.");
        };
    }

    private String compare(String field, String operator, Object value) {
        if (field.startsWith(Filter.METADATA)) {
            return metadata(field, operator, value);
        }
        return switch (field) {
            case "id" -> bound("i.item_id = ?", id(value));
            case "tag" -> bound("EXISTS (SELECT 1 FROM json_each(v.tags) WHERE value = ?)", value);
            case "type" -> {
                values.add(value);
                yield bound(
                        "(i.type = ? OR v.standing <> '[]' AND EXISTS"
                                + " (SELECT 1 FROM json_each(v.standing) WHERE value = ?))",
                        value);
            }
            case "source" ->
                bound(
                        "EXISTS (SELECT 1 FROM link l WHERE l.cube_id = i.cube_id AND l.item_id = i.item_id"
                                + " AND l.source_id = ?)",
                        value);
            case "until", "expires" ->
                bound("((" + end(field) + " " + operator + " ?) IS TRUE)", EpochMillis.of((Instant) value));
            case "time", "recorded", "updated" ->
                bound(column(field) + " " + operator + " ?", EpochMillis.of((Instant) value));
            default -> bound(column(field) + " = ?", value);
        };
    }

    private String contains(String field, Object part) {
        if (field.startsWith(Filter.METADATA)) {
            values.add(path(field));
            values.add(path(field));
            return bound(
                    "((json_type(v.metadata, ?) <> 'object' AND EXISTS (SELECT 1 FROM json_each(v.metadata, ?)"
                            + " WHERE type = 'text'"
                            + " AND " + holds("atom") + ")) IS TRUE)",
                    part);
        }
        return field.equals("tag")
                ? bound("EXISTS (SELECT 1 FROM json_each(v.tags) WHERE " + holds("value") + ")", part)
                : bound("(" + column(field) + " <> '' AND " + holds(column(field)) + ")", part);
    }

    private static String holds(String value) {
        return "(octet_length(" + value + ") <= " + Filter.MAX_SEARCHED_BYTES + " AND instr(" + value + ", ?) > 0)";
    }

    /** No item has an id that is not one; an empty blob equals none. */
    private static Object id(Object value) {
        try {
            return StoredIds.bytes(ItemId.parse((String) value));
        } catch (MemoryException e) {
            return new byte[0];
        }
    }

    /** A time that most items do not have. */
    private static String end(String field) {
        return field.equals("until") ? "v.valid_to" : "v.expires_at";
    }

    private String column(String field) {
        return switch (field) {
            case "type" -> "i.type";
            case "state" -> ofVersion ? "v.state" : "i.state";
            case "session" -> "i.session";
            case "role" -> "i.role";
            case "speaker" -> "i.speaker";
            case "sensitivity" -> "COALESCE(v.sensitivity, 'internal')";
            case "time" -> "i.occurred_at";
            case "recorded" -> "i.recorded_at";
            case "updated" -> ofVersion ? "v.recorded_at" : "i.updated_at";
            default -> throw new IllegalArgumentException("Not a column: " + field);
        };
    }

    private String exists(String field) {
        if (field.startsWith(Filter.METADATA)) {
            return bound("(json_type(v.metadata, ?) IS NOT NULL)", path(field));
        }
        return switch (field) {
            case "session", "speaker" -> column(field) + " <> ''";
            case "role" -> "i.role <> 'none'";
            case "until", "expires" -> end(field) + " IS NOT NULL";
            case "tag" -> "v.tags <> '[]'";
            case "source" -> "EXISTS (SELECT 1 FROM link l WHERE l.cube_id = i.cube_id AND l.item_id = i.item_id)";
            default -> "1";
        };
    }

    /**
     * The value at the path, or any element of a list there: {@code json_each} of a scalar has that scalar as its only
     * row.
     */
    private String metadata(String field, String operator, Object value) {
        String types = switch (value) {
            case String text -> "'text'";
            case Boolean flag -> "'true', 'false'";
            default -> "'integer', 'real'";
        };
        Object comparable = value instanceof Boolean flag ? (Object) (flag ? 1 : 0) : number(value);
        values.add(path(field));
        values.add(path(field));
        return bound(
                "((json_type(v.metadata, ?) <> 'object' AND EXISTS (SELECT 1 FROM json_each(v.metadata, ?)"
                        + " WHERE type IN ("
                        + types + ") AND atom " + operator + " ?)) IS TRUE)",
                comparable);
    }

    private static Object number(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> (long) number;
            case Number number -> number.doubleValue();
            default -> value;
        };
    }

    /** The JSON path of a dotted path; each step is quoted, so that a name may hold any character. */
    private static String path(String field) {
        return "$"
                + Arrays.stream(field.substring(Filter.METADATA.length()).split("\\.", -1))
                        .map(step -> ".\"" + step.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                        .collect(Collectors.joining());
    }

    private String bound(String sql, Object value) {
        values.add(value);
        return sql;
    }
}
