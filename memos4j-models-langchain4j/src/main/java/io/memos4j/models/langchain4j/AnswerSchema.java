package io.memos4j.models.langchain4j;

import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.memos4j.api.MemoryException;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON schema of an answer.
 *
 * @param text the schema
 * @param strict whether providers can enforce it: every object lists all its properties as required and allows no
 *     others, and the schema uses only keywords that the structured outputs of both OpenAI and Anthropic accept
 */
record AnswerSchema(String text, boolean strict) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "anyOf",
            "$ref",
            "$defs",
            "description",
            "title");

    static AnswerSchema of(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw MemoryException.invalid("The schema of the answer is not JSON: " + e.getOriginalMessage() + ".");
        }
        if (!root.isObject()) {
            throw MemoryException.invalid("The schema of the answer must be a JSON object.");
        }
        return new AnswerSchema(text, "object".equals(root.path("type").asString("")) && strict(root));
    }

    private static boolean strict(JsonNode schema) {
        return schema.isObject()
                && KEYWORDS.containsAll(schema.propertyNames())
                && closed(schema)
                && schema.path("properties").valueStream().allMatch(AnswerSchema::strict)
                && schema.path("$defs").valueStream().allMatch(AnswerSchema::strict)
                && schema.path("anyOf").valueStream().allMatch(AnswerSchema::strict)
                && (!schema.has("items") || strict(schema.path("items")));
    }

    private static boolean closed(JsonNode schema) {
        boolean object = schema.has("properties")
                || "object".equals(schema.path("type").asString(""))
                || schema.path("type").valueStream().anyMatch(type -> "object".equals(type.asString("")));
        return !object
                || (schema.path("additionalProperties").isBoolean()
                        && !schema.path("additionalProperties").asBoolean()
                        && schema.path("properties").propertyNames().stream()
                                .allMatch(name -> schema.path("required")
                                        .valueStream()
                                        .anyMatch(required -> name.equals(required.asString("")))));
    }

    ResponseFormat format() {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("answer")
                        .rootElement(JsonRawSchema.from(text))
                        .build())
                .build();
    }
}
