package io.memos4j.models.langchain4j;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The optional parts of requests, by model. */
class ModelDialectTest {
    @ParameterizedTest
    @CsvSource({
        "claude-3-5-haiku-latest, true, NONE",
        "claude-opus-4-20250514, true, NONE",
        "claude-sonnet-4-0, true, NONE",
        "claude-opus-4-1-20250805, true, STRICT",
        "claude-haiku-4-5, true, STRICT",
        "claude-sonnet-4-6, true, STRICT",
        "claude-opus-4-7, false, STRICT",
        "claude-sonnet-5, false, STRICT",
        "qwen3, true, STRICT"
    })
    void claudeModelsDifferInTemperatureAndSchema(String model, boolean temperature, ModelDialect.Schemas schemas) {
        assertThat(ModelDialect.anthropic(model)).isEqualTo(new ModelDialect(temperature, false, schemas));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4.1-mini, false",
        "gpt-4o, false",
        "gpt-oss-20b, false",
        "openchat, false",
        "qwen3, false",
        "o1, true",
        "o3-mini, true",
        "gpt-5, true",
        "openai/gpt-5-mini, true"
    })
    void openAiModelsThatReasonHaveTheirOwnParameters(String model, boolean reasons) {
        assertThat(ModelDialect.openAi(model)).isEqualTo(new ModelDialect(!reasons, reasons, ModelDialect.Schemas.ANY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"type": "object", "properties": {}, "additionalProperties": false}""", """
                {"type": "object", "properties": {"a": {"type": ["string", "null"], "description": "d"}},
                 "required": ["a"], "additionalProperties": false}""", """
                {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "null"}]}},
                 "required": ["a"], "additionalProperties": false, "$defs": {"b": {"enum": ["x", "y"]}}}"""})
    void aClosedSchemaIsStrict(String schema) {
        assertThat(AnswerSchema.of(schema).strict()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}",
                "{\"type\": \"object\", \"properties\": {}}",
                "{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": true}",
                """
                {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}""",
                """
                {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"],
                 "additionalProperties": false}""",
                """
                {"type": "object", "properties": {"a": {"type": "array", "items": {"type": ["object", "null"]}}},
                 "required": ["a"], "additionalProperties": false}"""
            })
    void anyOtherSchemaIsNot(String schema) {
        assertThat(AnswerSchema.of(schema).strict()).isFalse();
    }
}
