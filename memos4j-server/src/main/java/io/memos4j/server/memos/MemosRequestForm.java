package io.memos4j.server.memos;

import io.memos4j.api.TimeZones;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * Reads requests of MemOS clients as MemOS itself does (with Pydantic): unknown fields are ignored, numbers and
 * booleans may come as text, and all violations are reported together, by {@link #throwIfInvalid()}. Until then an
 * invalid or missing field reads as empty. Not thread-safe.
 */
final class MemosRequestForm {
    private final JsonNode node;
    private final List<Object> place;
    private final List<FieldViolation> violations;

    private MemosRequestForm(JsonNode node, List<Object> place, List<FieldViolation> violations) {
        this.node = node;
        this.place = place;
        this.violations = violations;
    }

    /** Parses the body of a request. */
    static MemosRequestForm body(HttpExchange exchange) {
        MemosRequestForm form = new MemosRequestForm(json(exchange), List.of("body"), new ArrayList<>());
        if (!form.node.isObject()) {
            form.addViolation(
                    form.place, "Input should be a valid dictionary or object to extract fields from", "dict_type");
            form.throwIfInvalid();
        }
        return form;
    }

    /** Parses a body that is a list of texts. */
    static List<String> texts(HttpExchange exchange) {
        MemosRequestForm form = new MemosRequestForm(
                BoundedJson.read(
                        ("{\"body\":" + BoundedJson.text(json(exchange)) + "}").getBytes(StandardCharsets.UTF_8)),
                List.of(),
                new ArrayList<>());
        List<String> texts = form.texts("body").orElse(List.of());
        form.throwIfInvalid();
        return texts;
    }

    /** Reads the query parameters. */
    static MemosRequestForm query(HttpExchange exchange) {
        Map<String, String> parameters = new LinkedHashMap<>();
        exchange.context().queryParamMap().forEach((name, values) -> parameters.put(name, values.getFirst()));
        return new MemosRequestForm(
                BoundedJson.read(BoundedJson.write(parameters)), List.of("query"), new ArrayList<>());
    }

    private static JsonNode json(HttpExchange exchange) {
        byte[] bytes = exchange.jsonBytes();
        if (bytes.length == 0) {
            throw new FormValidationException(
                    List.of(new FieldViolation(List.of("body"), "Field required", "missing", null)));
        }
        try {
            return BoundedJson.read(bytes);
        } catch (JacksonException e) {
            // A parser limit, such as that on depth, is exceeded without a location.
            long at = Optional.ofNullable(e.getLocation())
                    .map(TokenStreamLocation::getByteOffset)
                    .orElse(0L);
            throw new FormValidationException(List.of(new FieldViolation(
                    List.of("body", Math.max(0, at)), "JSON decode error", "json_invalid", Map.of())));
        }
    }

    /** Throws if there are violations so far. */
    void throwIfInvalid() {
        if (!violations.isEmpty()) {
            throw new FormValidationException(violations);
        }
    }

    private List<Object> at(Object field) {
        List<Object> inner = new ArrayList<>(place);
        inner.add(field);
        return List.copyOf(inner);
    }

    private void addViolation(List<Object> where, String message, String type) {
        violations.add(new FieldViolation(where, message, type, BoundedJson.plain(node)));
    }

    private void addInvalid(String field, JsonNode found, String message, String type) {
        violations.add(new FieldViolation(at(field), message, type, BoundedJson.plain(found)));
    }

    /** Adds a violation of a rule on the whole form. */
    void addViolation(String message) {
        addViolation(place, "Value error, " + message, "value_error");
    }

    /** Adds a violation for a missing field. */
    void addMissing(String field) {
        addViolation(at(field), "Field required", "missing");
    }

    /** Returns the raw value of a field unless it is absent or null. */
    Optional<JsonNode> node(String field) {
        return Optional.ofNullable(node.get(field)).filter(found -> !found.isNull());
    }

    boolean has(String field) {
        return node(field).isPresent();
    }

    /** Returns whether the field was sent, even if as null. */
    boolean isSent(String field) {
        return node.has(field);
    }

    String text(String field) {
        Optional<String> text = optionalText(field);
        if (!node.has(field)) {
            addMissing(field);
        } else if (node(field).isEmpty()) {
            addInvalid(field, node.path(field), "Input should be a valid string", "string_type");
        }
        return text.orElse("");
    }

    Optional<String> optionalText(String field) {
        return node(field).flatMap(found -> text(field, found));
    }

    String text(String field, String otherwise) {
        return optionalText(field).orElse(otherwise);
    }

    private Optional<String> text(String field, JsonNode found) {
        if (!found.isString()) {
            addInvalid(field, found, "Input should be a valid string", "string_type");
            return Optional.empty();
        }
        return Optional.of(found.stringValue());
    }

    /** Returns a time zone: a name or an offset. */
    Optional<ZoneId> timeZone() {
        return optionalText("time_zone").map(text -> TimeZones.parse(text, "Field 'time_zone'"));
    }

    /** Returns one of the given words. */
    String oneOf(String field, String otherwise, List<String> words) {
        String word = text(field, otherwise);
        if (!words.contains(word)) {
            String quoted = words.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "));
            int last = quoted.lastIndexOf(", ");
            String list = last < 0 ? quoted : quoted.substring(0, last) + " or " + quoted.substring(last + 2);
            addInvalid(field, node.path(field), "Input should be " + list, "literal_error");
            return otherwise;
        }
        return word;
    }

    boolean flag(String field, boolean otherwise) {
        Optional<JsonNode> found = node(field);
        if (found.isEmpty()) {
            return otherwise;
        }
        if (found.get().isBoolean()) {
            return found.get().booleanValue();
        }
        String text = found.get().isValueNode() ? found.get().asString().toLowerCase(Locale.ROOT) : "";
        return switch (text) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> {
                addInvalid(
                        field,
                        found.get(),
                        "Input should be a valid boolean, unable to interpret input",
                        "bool_parsing");
                yield otherwise;
            }
        };
    }

    int integer(String field, int otherwise, int least, int most) {
        Optional<Double> number = number(field);
        if (number.isEmpty()) {
            return otherwise;
        }
        if (number.get() != Math.rint(number.get())) {
            addInvalid(field, node.path(field), "Input should be a valid integer", "int_type");
            return otherwise;
        }
        if (number.get() < least) {
            addInvalid(
                    field, node.path(field), "Input should be greater than or equal to " + least, "greater_than_equal");
            return otherwise;
        }
        return (int) Math.min(most, number.get());
    }

    double number(String field, double otherwise, int least) {
        double number = number(field).orElse(otherwise);
        if (number < least) {
            addInvalid(
                    field, node.path(field), "Input should be greater than or equal to " + least, "greater_than_equal");
        }
        return number;
    }

    private Optional<Double> number(String field) {
        return node(field).flatMap(found -> {
            try {
                double number = found.isNumber() ? found.doubleValue() : Double.parseDouble(found.stringValue("-"));
                if (Double.isFinite(number)) {
                    return Optional.of(number);
                }
            } catch (NumberFormatException e) {
                // Fall through to the violation below.
            }
            addInvalid(
                    field,
                    found,
                    "Input should be a valid number, unable to parse string as a number",
                    "float_parsing");
            return Optional.empty();
        });
    }

    Optional<List<String>> texts(String field) {
        return elements(field, each -> each.isString(), "Input should be a valid string", "string_type")
                .map(all -> all.stream().map(JsonNode::stringValue).toList());
    }

    /** Returns a list of objects, each as a form that reports its violations together with this one's. */
    List<MemosRequestForm> forms(String field) {
        List<MemosRequestForm> forms = new ArrayList<>();
        elements(field, JsonNode::isObject, "Input should be a valid dictionary", "dict_type")
                .ifPresent(all -> all.forEach(each -> {
                    List<Object> where = new ArrayList<>(at(field));
                    where.add(forms.size());
                    forms.add(new MemosRequestForm(each, List.copyOf(where), violations));
                }));
        return forms;
    }

    private Optional<List<JsonNode>> elements(
            String field, Function<JsonNode, Boolean> fits, String message, String type) {
        Optional<JsonNode> found = node(field);
        if (found.isPresent() && !found.get().isArray()) {
            addInvalid(field, found.get(), "Input should be a valid list", "list_type");
            return Optional.empty();
        }
        List<JsonNode> fitting = new ArrayList<>();
        found.ifPresent(all -> {
            int position = 0;
            for (JsonNode each : all.values()) {
                if (fits.apply(each)) {
                    fitting.add(each);
                } else {
                    List<Object> where = new ArrayList<>(at(field));
                    where.add(position);
                    violations.add(new FieldViolation(where, message, type, BoundedJson.plain(each)));
                }
                position++;
            }
        });
        return found.map(all -> fitting);
    }

    /** Returns a nested object. */
    Optional<MemosRequestForm> form(String field) {
        return object(field).map(found -> new MemosRequestForm(found, at(field), violations));
    }

    Optional<JsonNode> object(String field) {
        Optional<JsonNode> found = node(field);
        if (found.isPresent() && !found.get().isObject()) {
            addInvalid(field, found.get(), "Input should be a valid dictionary", "dict_type");
            return Optional.empty();
        }
        return found;
    }
}
