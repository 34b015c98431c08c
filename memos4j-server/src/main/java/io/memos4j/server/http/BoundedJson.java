package io.memos4j.server.http;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON for the whole server, with limits on the depth and the numbers of what it reads. */
public final class BoundedJson {
    /** Deeper than any legitimate body, and far from what could exhaust the stack. */
    static final int DEPTH = 64;

    /** More tokens than any body that {@link LoadLimits} lets through by default. */
    private static final int TOKENS = 4_000_000;

    private static final int NUMBER = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxTokenCount(TOKENS)
                            .maxNumberLength(NUMBER)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BoundedJson() {}

    /** Returns a mapper with the same limits, for a library that parses by itself. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

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

    /** Converts a node to maps, lists, strings, numbers and booleans. */
    public static Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }
}
