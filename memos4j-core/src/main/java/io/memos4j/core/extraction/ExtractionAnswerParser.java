package io.memos4j.core.extraction;

import io.memos4j.api.MemoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses the text of an answer: finds the JSON in it, checks its shape, and keeps the complete entries if it was
 * truncated.
 */
final class ExtractionAnswerParser {
    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String END_OF_REASONING = "</think>";

    private ExtractionAnswerParser() {}

    /** The outcome of parsing. */
    sealed interface Outcome {
        /**
         * An answer of the required shape.
         *
         * @param cut whether it was truncated, so that only its complete entries are here
         */
        record Parsed(ExtractionAnswer answer, boolean cut) implements Outcome {}

        /** No usable answer; the errors are written for the model. */
        record Malformed(List<String> errors) implements Outcome {}
    }

    /** @param cut whether the text ends because of a length limit */
    static Outcome parse(String text, boolean cut) {
        String json = extractJson(text);
        if (json.isEmpty()) {
            return new Outcome.Malformed(
                    List.of(cut ? "the answer was cut before any JSON" : "the answer holds no JSON object"));
        }
        try {
            return checkShape(JSON.readTree(json), false);
        } catch (JacksonException e) {
            return cut
                    ? parseTruncated(json)
                    : new Outcome.Malformed(List.of("the answer is not valid JSON: " + e.getOriginalMessage()));
        }
    }

    /**
     * Reads an answer that is one object with a list.
     *
     * @param list the name of the list
     * @param failure makes the error from the reason why the answer is of no use
     */
    static JsonNode readObject(String text, String list, Function<String, MemoryException> failure) {
        try {
            JsonNode answer = JSON.readTree(extractJson(text));
            if (answer != null && answer.path(list).isArray()) {
                return answer;
            }
        } catch (JacksonException e) {
            throw failure.apply("its answer is not valid JSON: " + e.getOriginalMessage());
        }
        throw failure.apply("its answer has no list of " + list);
    }

    /** Returns the text from the first brace on: models put words or fences around their JSON, or think aloud first. */
    static String extractJson(String text) {
        int thought = text.lastIndexOf(END_OF_REASONING);
        int start = text.indexOf('{', thought < 0 ? 0 : thought + END_OF_REASONING.length());
        return start < 0 ? "" : text.substring(start);
    }

    private static Outcome parseTruncated(String json) {
        String error = "the answer was cut at its length limit";
        String complete = complete(json);
        if (complete.isEmpty()) {
            return new Outcome.Malformed(List.of(error + " before its first entry was complete"));
        }
        try {
            return checkShape(JSON.readTree(complete), true);
        } catch (JacksonException e) {
            return new Outcome.Malformed(List.of(error + ", and is not valid JSON: " + e.getOriginalMessage()));
        }
    }

    /** Closes the text after its last complete entry of a list of the root object; empty if there is none. */
    private static String complete(String json) {
        Deque<Character> open = new ArrayDeque<>();
        boolean quoted = false;
        int end = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
                continue;
            }
            switch (c) {
                case '"' -> quoted = true;
                case '{', '[' -> open.push(c);
                case '}', ']' -> {
                    if (open.isEmpty()) {
                        return "";
                    }
                    open.pop();
                    if (c == '}' && open.size() == 2 && open.peek() == '[') {
                        end = i + 1;
                    }
                }
                default -> {}
            }
        }
        return end == 0 ? "" : json.substring(0, end) + "]}";
    }

    private static Outcome checkShape(JsonNode root, boolean cut) {
        List<String> errors = new ArrayList<>();
        if (!root.isObject()) {
            return new Outcome.Malformed(List.of("the answer must be one JSON object"));
        }
        if (!root.has("memories") && !root.has("updates") && !root.has("retirements")) {
            errors.add("memories: is missing");
        }
        ExtractionAnswer answer = new ExtractionAnswer(
                entries(root, "memories", errors).stream()
                        .map(ExtractionAnswerParser::memory)
                        .toList(),
                entries(root, "updates", errors).stream()
                        .map(ExtractionAnswerParser::change)
                        .toList(),
                entries(root, "retirements", errors).stream()
                        .map(ExtractionAnswerParser::end)
                        .toList());
        return errors.isEmpty() ? new Outcome.Parsed(answer, cut) : new Outcome.Malformed(errors);
    }

    private static List<JsonShapeReader> entries(JsonNode root, String name, List<String> errors) {
        List<JsonShapeReader> entries = new ArrayList<>();
        JsonNode list = root.path(name);
        if (list.isMissingNode() || list.isNull()) {
            return entries;
        }
        if (!list.isArray()) {
            errors.add(name + ": must be an array");
            return entries;
        }
        for (int i = 0; i < list.size(); i++) {
            entries.add(new JsonShapeReader(list.path(i), name + "[" + i + "]", errors));
        }
        return entries;
    }

    private static ExtractionAnswer.Memory memory(JsonShapeReader shape) {
        return new ExtractionAnswer.Memory(
                shape.text("type"),
                shape.text("text"),
                shape.numbers("sources"),
                shape.decimal("confidence"),
                new ExtractionAnswer.Dates(
                        shape.textOrNone("occurred"), shape.textOrNone("valid_from"), shape.textOrNone("valid_to")),
                shape.flag("implicit"),
                attribute(shape),
                shape.numbersOrNone("supersedes"));
    }

    private static Optional<AttributeValue> attribute(JsonShapeReader shape) {
        return shape.part("attribute")
                .map(part -> new AttributeValue(part.text("subject"), part.text("name"), part.text("value")));
    }

    private static ExtractionAnswer.Update change(JsonShapeReader shape) {
        return new ExtractionAnswer.Update(
                shape.number("known"),
                shape.text("text"),
                shape.numbers("sources"),
                shape.decimal("confidence"),
                shape.textOrNone("reason"));
    }

    private static ExtractionAnswer.Retirement end(JsonShapeReader shape) {
        return new ExtractionAnswer.Retirement(
                shape.number("known"), shape.numbers("sources"), shape.textOrNone("at"), shape.textOrNone("reason"));
    }
}
