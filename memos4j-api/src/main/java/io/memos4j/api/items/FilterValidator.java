package io.memos4j.api.items;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.NearestName;
import java.time.Instant;
import java.util.List;

/** Validates the leaves of a {@link Filter}, so that no vault or index ever sees a field or value it does not know. */
final class FilterValidator {
    private static final List<String> TIME_FIELDS = List.of("time", "recorded", "updated", "until", "expires");
    private static final List<String> TEXT_FIELDS = List.of("tag", "session", "speaker");
    private static final int MAX_PATH_LENGTH = 256;
    static final int MAX_DEPTH = 50;
    static final int MAX_PARTS = 500;
    static final int MAX_CHOICES = 10_000;

    private FilterValidator() {}

    static void check(String field, Filter.Operator operator, Object value) {
        checkField(field);
        if (operator == Filter.Operator.CONTAINS) {
            checkPart(field, value);
            return;
        }
        boolean ordered = operator != Filter.Operator.EQ;
        if (TIME_FIELDS.contains(field)) {
            require(value instanceof Instant, field, "an instant, for example 2025-03-01T00:00:00Z");
        } else if (field.startsWith(Filter.METADATA)) {
            boolean scalar = value instanceof Number || value instanceof String || value instanceof Boolean;
            require(scalar, field, "a string, a boolean or a number");
            require(!ordered || !(value instanceof Boolean), field, "a number or a string to be ordered by");
        } else {
            require(value instanceof String, field, "a string");
            if (ordered) {
                throw MemoryException.invalid("Filter field '" + field + "' can only be compared for equality.");
            }
        }
    }

    private static void checkPart(String field, Object value) {
        require(value instanceof String, field, "a part of a string");
        if (!field.startsWith(Filter.METADATA) && !TEXT_FIELDS.contains(field)) {
            throw MemoryException.invalid("Filter field '" + field + "' cannot be searched for a part of it. Use "
                    + String.join(", ", TEXT_FIELDS) + " or metadata.");
        }
    }

    /** Refuses trees that a query engine could not take in. */
    static void checkSize(List<Filter> parts) {
        if (parts.size() > MAX_PARTS) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "A filter node has " + parts.size() + " parts, at most " + MAX_PARTS
                            + " are taken. Use in for values of one field.");
        }
        for (Filter part : parts) {
            if (depth(part) >= MAX_DEPTH) {
                throw new MemoryException(
                        ErrorCode.TOO_LARGE, "The filter is nested deeper than " + MAX_DEPTH + " levels. Flatten it.");
            }
        }
    }

    private static int depth(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) -> 1 + deepest(parts);
            case Filter.Or(List<Filter> parts) -> 1 + deepest(parts);
            case Filter.Not(Filter part) -> 1 + depth(part);
            case Filter.Compare leaf -> 1;
            case Filter.In leaf -> 1;
            case Filter.Exists leaf -> 1;
        };
    }

    private static int deepest(List<Filter> parts) {
        return parts.stream().mapToInt(FilterValidator::depth).max().orElse(0);
    }

    static void checkCount(String field, int values) {
        boolean strings = !field.startsWith(Filter.METADATA) && !TIME_FIELDS.contains(field);
        int most = strings ? MAX_CHOICES : MAX_PARTS;
        if (values > most) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "Filter field '" + field + "' is given a choice of " + values + " values, at most " + most
                            + " are taken.");
        }
    }

    static void checkField(String field) {
        if (field.startsWith(Filter.METADATA)) {
            boolean sized = field.length() > Filter.METADATA.length() && field.length() <= MAX_PATH_LENGTH;
            if (!sized || field.indexOf('\0') >= 0) {
                throw unknown(
                        field,
                        "Write metadata.NAME with a name of 1 to " + (MAX_PATH_LENGTH - Filter.METADATA.length())
                                + " characters, none of them NUL.");
            }
        } else if (!Filter.FIELDS.contains(field)) {
            throw unknown(
                    field,
                    "Did you mean '" + NearestName.find(field, Filter.FIELDS).orElseThrow()
                            + "'? Own fields are written metadata.NAME; the others are "
                            + String.join(", ", Filter.FIELDS.stream().sorted().toList()) + ".");
        }
    }

    private static MemoryException unknown(String field, String advice) {
        return new MemoryException(ErrorCode.UNKNOWN_FIELD, "Unknown filter field '" + field + "'. " + advice);
    }

    private static void require(boolean holds, String field, String expected) {
        if (!holds) {
            throw MemoryException.invalid("Filter field '" + field + "' is compared to " + expected + ".");
        }
    }
}
