package io.memos4j.core.extraction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads one JSON object of an answer and checks its shape. A field of the wrong shape adds an error with its path and
 * yields a default, so that one pass finds all errors. Fields that may be null may also be missing; unknown fields are
 * ignored.
 */
final class JsonShapeReader {
    private final JsonNode node;
    private final String path;
    private final List<String> errors;

    JsonShapeReader(JsonNode node, String path, List<String> errors) {
        this.node = node;
        this.path = path;
        this.errors = errors;
        if (!node.isObject()) {
            errors.add(path + ": must be an object");
        }
    }

    String text(String name) {
        return is(name, node.path(name).isString(), "a string")
                ? node.path(name).stringValue()
                : "";
    }

    String textOrNone(String name) {
        return absent(name) ? "" : text(name);
    }

    double decimal(String name) {
        return is(name, node.path(name).isNumber(), "a number")
                ? node.path(name).doubleValue()
                : 0;
    }

    int number(String name) {
        return is(name, whole(node.path(name)), "an integer") ? node.path(name).intValue() : 0;
    }

    boolean flag(String name) {
        return !absent(name)
                && is(name, node.path(name).isBoolean(), "true or false")
                && node.path(name).booleanValue();
    }

    List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        JsonNode list = node.path(name);
        if (is(name, list.isArray(), "an array of integers")) {
            for (int i = 0; i < list.size(); i++) {
                if (is(name + "[" + i + "]", whole(list.path(i)), "an integer")) {
                    numbers.add(list.path(i).intValue());
                }
            }
        }
        return numbers;
    }

    List<Integer> numbersOrNone(String name) {
        return absent(name) ? List.of() : numbers(name);
    }

    Optional<JsonShapeReader> part(String name) {
        return absent(name)
                ? Optional.empty()
                : Optional.of(new JsonShapeReader(node.path(name), path + "." + name, errors));
    }

    private boolean absent(String name) {
        return node.path(name).isMissingNode() || node.path(name).isNull();
    }

    private static boolean whole(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    private boolean is(String name, boolean right, String wanted) {
        if (!right && node.isObject()) {
            errors.add(path + "." + name + ": "
                    + (node.has(name) || name.endsWith("]") ? "must be " + wanted : "is missing"));
        }
        return right;
    }
}
