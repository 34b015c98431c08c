package io.memos4j.server.memos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An invalid field of a request.
 *
 * @param place the path of the field, starting with {@code body} or {@code query}
 * @param message the rule that it violates
 * @param type Pydantic's name of the rule
 * @param input the invalid value
 */
record FieldViolation(
        List<Object> place,
        String message,
        String type,
        @Nullable Object input) {
    Map<String, Object> detail() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type);
        json.put("loc", place);
        json.put("msg", message);
        json.put("input", input);
        return json;
    }

    @Override
    public String toString() {
        String where = place.stream().map(String::valueOf).collect(Collectors.joining(" -> "));
        return "[" + where + "] " + message + " (type: " + type + ")";
    }
}
