package io.memos4j.vault.sqlite;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tags, metadata and records as JSON text. In metadata whole numbers come back as {@link Long}, others as
 * {@link Double}.
 */
final class SqliteJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<Set<String>> STRINGS = new TypeReference<>() {};

    private SqliteJson() {}

    static String of(Map<String, Object> metadata) {
        return metadata.isEmpty() ? "{}" : MAPPER.writeValueAsString(metadata);
    }

    static String of(Set<String> tags) {
        return tags.isEmpty() ? "[]" : MAPPER.writeValueAsString(tags);
    }

    /**
     * An object whose members are named and typed like the record's: what it was written of can be read as long as they
     * stay.
     */
    static String of(Record value) {
        return MAPPER.writeValueAsString(value);
    }

    static <T extends Record> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** An array of strings or numbers, to be bound as one value and read by {@code json_each}. */
    static String of(List<?> values) {
        return MAPPER.writeValueAsString(values);
    }

    static Map<String, Object> object(String json) {
        return json.equals("{}") ? Map.of() : MAPPER.readValue(json, OBJECT);
    }

    static Set<String> strings(String json) {
        return json.equals("[]") ? Set.of() : MAPPER.readValue(json, STRINGS);
    }
}
