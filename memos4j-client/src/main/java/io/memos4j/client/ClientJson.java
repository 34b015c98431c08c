package io.memos4j.client;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Converts between JSON and the records of this package. Unknown fields are ignored. */
final class ClientJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ClientJson() {}

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static JsonNode read(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw unexpected(e);
        }
    }

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw unexpected(e);
        }
    }

    static <T> T as(Class<T> type, JsonNode node) {
        try {
            if (node.isMissingNode() || node.isNull()) {
                throw new MemoryClientException(unexpected("it is empty"));
            }
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw unexpected(e);
        }
    }

    static <T> List<T> list(Class<T> type, JsonNode array) {
        List<T> list = new ArrayList<>();
        array.forEach(each -> list.add(as(type, each)));
        return List.copyOf(list);
    }

    private static MemoryClientException unexpected(JacksonException e) {
        return new MemoryClientException(unexpected(e.getOriginalMessage()), e);
    }

    private static ProblemResponse unexpected(String why) {
        return ProblemResponse.local(
                MemoryClientException.UNEXPECTED_ANSWER,
                "The answer cannot be parsed: " + why + ". Is this the address of a memory server?",
                false);
    }
}
