package io.memos4j.api.items;

import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of the callers' own values: a tree of strings, booleans, longs, doubles, lists and maps with string keys,
 * at most {@value #MAX_DEPTH} deep and {@value #MAX_VALUES} values large. Filters address a nested value by its dotted
 * path.
 */
public final class ItemMetadata {
    public static final int MAX_DEPTH = 8;
    public static final int MAX_VALUES = 1_000;

    private ItemMetadata() {}

    /** A deep immutable copy, with every whole number as {@link Long} and every other number as {@link Double}. */
    public static Map<String, Object> copyOf(Map<String, ?> values) {
        return values.isEmpty() ? Map.of() : copyMap(values, 1, new int[1]);
    }

    private static Map<String, Object> copyMap(Map<?, ?> values, int depth, int[] count) {
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!(key instanceof String name) || name.isEmpty()) {
                throw MemoryException.invalid("Metadata keys are non-empty strings, found '" + key + "'.");
            }
            copy.put(name, copyValue(name, value, depth, count));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object copyValue(String key, Object value, int depth, int[] count) {
        if (depth > MAX_DEPTH || ++count[0] > MAX_VALUES) {
            throw MemoryException.invalid(
                    "Metadata is limited to " + MAX_DEPTH + " levels and " + MAX_VALUES + " values.");
        }
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag;
            case Long number -> number;
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Byte number -> (long) number;
            case Number number -> finite(key, number.doubleValue());
            case Map<?, ?> map -> copyMap(map, depth + 1, count);
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(copyValue(key, element, depth + 1, count)));
                yield Collections.unmodifiableList(copy);
            }
            case null -> throw MemoryException.invalid("Metadata '" + key + "' is null. Leave the key out instead.");
            default ->
                throw MemoryException.invalid("Metadata '" + key + "' is a "
                        + value.getClass().getSimpleName() + ". Use strings, booleans, numbers, lists and maps.");
        };
    }

    private static double finite(String key, double number) {
        if (!Double.isFinite(number)) {
            throw MemoryException.invalid("Metadata '" + key + "' is not a finite number.");
        }
        return number;
    }
}
