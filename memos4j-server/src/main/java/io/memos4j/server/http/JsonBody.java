package io.memos4j.server.http;

import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.internal.NearestName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Reads a JSON object of a request field by field. An invalid value is rejected with its path. A field that is
 * {@code null} counts as absent. {@link #rejectUnknownFields()} rejects unknown fields. Not thread-safe.
 */
public final class JsonBody {
    private final JsonNode node;
    private final String at;
    private final TreeSet<String> asked = new TreeSet<>();

    private JsonBody(JsonNode node, String at) {
        this.node = node;
        this.at = at;
    }

    static JsonBody parse(byte[] json) {
        if (json.length == 0) {
            throw MemoryException.invalid("The body is empty. Send a JSON object.");
        }
        return of(BoundedJson.read(json), "");
    }

    /** Wraps a JSON value that came as text, in a query parameter for example, as a field. */
    public static JsonBody ofParameter(String field, String json) {
        return new JsonBody(BoundedJson.object(field, BoundedJson.read(json.getBytes(StandardCharsets.UTF_8))), "");
    }

    /** @param at the path of the object within the body; empty for the body itself */
    public static JsonBody of(JsonNode node, String at) {
        if (!node.isObject()) {
            throw wrongType(at, "an object", node);
        }
        return new JsonBody(node, at);
    }

    private static MemoryException wrongType(String place, String wanted, JsonNode found) {
        String where = place.isEmpty() ? "The body" : "Field '" + place + "'";
        return MemoryException.invalid(where + " must be " + wanted + ", it is " + kind(found) + ".");
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NUMBER -> "the number " + node;
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case MISSING -> "missing";
        };
    }

    /** Returns the path of a field, for messages. */
    public String place(String field) {
        return at.isEmpty() ? field : at + "." + field;
    }

    private Optional<JsonNode> find(String field) {
        asked.add(field);
        return Optional.ofNullable(node.get(field)).filter(found -> !found.isNull());
    }

    private JsonNode require(String field, String what) {
        return find(field)
                .orElseThrow(
                        () -> MemoryException.invalid("Field '" + place(field) + "' is missing. Give " + what + "."));
    }

    public boolean has(String field) {
        return find(field).isPresent();
    }

    /** Returns whether the field was sent, even if as {@code null}. */
    public boolean isSent(String field) {
        asked.add(field);
        return node.has(field);
    }

    /** Returns the raw value of a field. */
    public Optional<JsonNode> node(String field) {
        return find(field);
    }

    public String text(String field) {
        return string(field, require(field, "a string"));
    }

    public Optional<String> optionalText(String field) {
        return find(field).map(found -> string(field, found));
    }

    public String text(String field, String otherwise) {
        return optionalText(field).orElse(otherwise);
    }

    private String string(String field, JsonNode found) {
        if (!found.isString()) {
            throw wrongType(place(field), "a string", found);
        }
        return found.stringValue();
    }

    public boolean flag(String field, boolean otherwise) {
        Optional<JsonNode> found = find(field);
        if (found.isPresent() && !found.get().isBoolean()) {
            throw wrongType(place(field), "true or false", found.get());
        }
        return found.map(JsonNode::booleanValue).orElse(otherwise);
    }

    /** Returns an integer between {@code least} and {@code most}. */
    public int integer(String field, int otherwise, int least, int most) {
        Optional<JsonNode> found = find(field);
        if (found.isEmpty()) {
            return otherwise;
        }
        JsonNode number = found.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < least
                || number.intValue() > most) {
            throw wrongType(place(field), "a whole number from " + least + " to " + most, number);
        }
        return number.intValue();
    }

    public Optional<Double> number(String field) {
        return find(field).map(found -> {
            if (!found.isNumber() || !Double.isFinite(found.doubleValue())) {
                throw wrongType(place(field), "a number", found);
            }
            return found.doubleValue();
        });
    }

    /** Returns an ISO 8601 instant with a zone or an offset. */
    public Optional<Instant> instant(String field) {
        return time(field).map(OffsetDateTime::toInstant);
    }

    /** Returns an ISO 8601 time with its offset. */
    public Optional<OffsetDateTime> time(String field) {
        return optionalText(field).map(text -> time(place(field), text));
    }

    /** Returns a time zone: a name or an offset. */
    public Optional<ZoneId> timeZone(String field) {
        return optionalText(field).map(text -> TimeZones.parse(text, "Field '" + place(field) + "'"));
    }

    static OffsetDateTime time(String place, String text) {
        try {
            return OffsetDateTime.parse(text.strip());
        } catch (DateTimeException e) {
            throw MemoryException.invalid("Field '" + place + "' is not a time. Write it like 2026-05-17T09:30:00Z.");
        }
    }

    public List<String> texts(String field) {
        return elements(field).stream()
                .map(each -> {
                    if (!each.isString()) {
                        throw wrongType(place(field), "an array of strings", each);
                    }
                    return each.stringValue();
                })
                .toList();
    }

    public Optional<JsonBody> object(String field) {
        return find(field).map(found -> of(found, place(field)));
    }

    public List<JsonBody> objects(String field) {
        List<JsonBody> objects = new ArrayList<>();
        for (JsonNode each : elements(field)) {
            objects.add(of(each, place(field) + "[" + objects.size() + "]"));
        }
        return objects;
    }

    private List<JsonNode> elements(String field) {
        Optional<JsonNode> found = find(field);
        if (found.isPresent() && !found.get().isArray()) {
            throw wrongType(place(field), "an array", found.get());
        }
        return found.map(array -> List.copyOf(array.values())).orElse(List.of());
    }

    /** Returns an object with arbitrary keys; null values are left out. */
    public Map<String, Object> map(String field) {
        Map<String, Object> map = new LinkedHashMap<>();
        object(field)
                .ifPresent(found -> found.node.properties().forEach(each -> {
                    if (!each.getValue().isNull()) {
                        map.put(each.getKey(), BoundedJson.plain(each.getValue()));
                    }
                }));
        return map;
    }

    /** Rejects fields that were not read. */
    public void rejectUnknownFields() {
        node.propertyNames().stream()
                .filter(name -> !asked.contains(name))
                .findFirst()
                .ifPresent(unknown -> {
                    String shown = unknown.substring(0, Math.min(unknown.length(), 64));
                    String advice = NearestName.find(unknown, asked)
                            .map(near -> " Did you mean '" + near + "'? Known: " + String.join(", ", asked) + ".")
                            .orElse(" No fields are expected.");
                    throw MemoryException.invalid("Unknown field '" + place(shown) + "'." + advice);
                });
    }
}
