package io.memos4j.server.memos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One field that is not as it must be.
 *
 * @param place from {@code body} or {@code query} inwards
 * @param message what it should be
 * @param type the name of the rule, as clients know it from Pydantic
 * @param input what was sent
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
