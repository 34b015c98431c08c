package io.memos4j.server.http;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the server, with bounds on what it reads. */
public final class BoundedJson {
    /** Deeper than any honest body; far from what could exhaust a stack. */
    private static final int DEPTH = 64;

    private static final int NUMBER = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxNumberLength(NUMBER)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BoundedJson() {}

    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    static JsonNode object(String field, JsonNode value) {
        return MAPPER.createObjectNode().set(field, value);
    }

    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** A node as maps, lists, strings, numbers and booleans. */
    public static Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }
}
